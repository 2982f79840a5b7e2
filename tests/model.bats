#!/usr/bin/env bats
# The tools beside an independent model in Python, written from rules.md and interface.md alone (tests/model/).

setup_file() {
  export TOOLS=$FEE_BUILD/cmd MODEL=$FEE_SOURCE/tests/model
  # sanitized tools are ten times slower: fewer books, the same properties
  if [ -n "$FEE_SANITIZED" ]; then
    export SEEDS=1..2 PROPERTY_SEEDS=7..7 ACCOUNT_SEEDS=9..9 EXPLAINED_SEEDS=10..10 DAYS=2 HEYUAN_TOO=
  else
    export SEEDS=1..12 PROPERTY_SEEDS=41..43 ACCOUNT_SEEDS=45..46 EXPLAINED_SEEDS=49..51 DAYS=12 HEYUAN_TOO='--explained --accounts --days 4'
  fi
}

@test "random books come out cell by cell as the model says" {
  run python3 "$MODEL/check.py" --seeds "$SEEDS" --bindir "$TOOLS" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "row order, a second run, time zone, language, umask and folder change nothing; sums hold at each stage" {
  run python3 "$MODEL/check.py" --seeds "$PROPERTY_SEEDS" --properties --bindir "$TOOLS" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "documents are borne to the fen, by line and by document, and the causes of a change add up" {
  run python3 "$MODEL/check.py" --seeds "$EXPLAINED_SEEDS" --explained --bindir "$TOOLS" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "on every day ledger, balances and totals agree, nothing later changes them, and what is recorded is not due again" {
  run python3 "$MODEL/check.py" --seeds "$ACCOUNT_SEEDS" --accounts --days "$DAYS" --bindir "$TOOLS" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "the six months of Heyuan come out as the model says" {
  run python3 "$MODEL/check.py" --heyuan "$FEE_SOURCE/examples/heyuan" $HEYUAN_TOO --bindir "$TOOLS" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "digests and seal are what fee-digest(5) says" {
  bash "$FEE_SOURCE/examples/quickstart.sh" --tools "$TOOLS" "$BATS_TEST_TMPDIR/demo" >/dev/null 2>&1
  run python3 "$MODEL/digest.py" "$BATS_TEST_TMPDIR/demo/book.db"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$output" = "6 digests and the seal agree" ]
}
