/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-threat.h"

#include <string.h>

static const char *const words[] = { "断水", "断电", "停水", "停电", "停气", "停热", "限水", "限电", "停卡", "锁卡",
                                     "门禁拉黑", "禁止车辆进出", "停梯", "曝光", "公示姓名", "威胁" };

/* Words of a sentence are parted by whatever is no letter, so that an id such as cut-water or cut_water counts too. */
#define BEGIN "(?<![a-z])"
#define END "(?![a-z])"
#define PART "[^a-z.,;:!?。，；：！？]+"
/* Only these words may stand between the two that make a threat: "limit the use of lifts", but not "stop by at the gate". */
#define BETWEEN(others) "(?:" PART "(?:" others "|of|the|your|their|his|her|all|any|and|or)" END "){0,6}?" PART
#define WILL_BE "will|may|shall|must|can|could|would|be|is|are|being|been|get|gets|has|have"

#define THINGS \
  "(?:water|power|electricity|heat|heating|gas|lifts?|elevators?|gates?|doors?|access|entry|parking|vehicles?|cards?)" END
#define CUT_OFF \
  "(?:(?:cut|shut)(?:s|ting)?|stop(?:s|ping)?|disconnect(?:s|ing|ion)?|suspend(?:s|ing)?|suspension|limit(?:s|ing)?|" \
  "restrict(?:s|ing|ion)?|block(?:s|ing)?|den(?:y|ies|ying)|disabl(?:e|es|ing)|bar(?:s|ring)?|ban(?:s|ning)?|" \
  "forbid(?:s|ding)?|refus(?:e|es|ing)|withhold(?:s|ing)?|clos(?:e|es|ing)|lock(?:s|ing)?|" \
  "(?:turn|switch)(?:s|es|ing)?(?=[^.;]{1,60}\\boff\\b))" END
#define WAS_CUT_OFF \
  "(?:cuts?|shut|stopped|disconnect(?:ed|ion)|suspended|suspension|limited|restricted|restrictions?|blocked|denied|" \
  "disabled|barred|banned|forbidden|refused|withheld|closed|locked|off)" END
#define PUBLISH \
  "(?:publish(?:es|ing)?|publication|post(?:s|ing)?|display(?:s|ing)?|expos(?:e|es|ing)|disclos(?:e|es|ing)|" \
  "announc(?:e|es|ing))" END
#define WAS_PUBLISHED "(?:published|posted|displayed|exposed|disclosed|announced|public)" END
#define NAMES "(?:names?|debtors?|defaulters?)" END

static const char pattern[] =
  BEGIN "(?:"
  CUT_OFF BETWEEN ("off|down|to|from|for|in|use|using|supply|you|owners?|residents?|tenants?|hot|cold") THINGS "|"
  THINGS BETWEEN ("supply|use|card|cards|access|turned|switched|" WILL_BE) WAS_CUT_OFF "|"
  PUBLISH BETWEEN ("list|lists|a|an|in|on|public|debtors|owners") NAMES "|"
  NAMES BETWEEN ("who|debtors|owners|made|" WILL_BE) WAS_PUBLISHED "|"
  "nam(?:e|ing)" BETWEEN ("them") "sham(?:e|ing)" END "|"
  "blacklist(?:s|ed|ing)?" END "|"
  "threat(?:s|en|ens|ened|ening)?" END ")";

char *
fee_threat_find (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (text, words[i]) != NULL)
      return g_strdup (words[i]);
  /* Chinese texts are most of them, and making the expression takes longer than all else of a policy */
  if (strpbrk (text, "aeiouyAEIOUY") == NULL)
    return NULL;
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, 0) : NULL;
}
