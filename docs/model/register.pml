/*
 * The register's protocol (CASPaxos with tables that can be lost), for spin.
 *
 * README.md in this folder states the rules in words; scripts/model.sh runs every check.
 * One transition is one conditional update of one table together with its answer, so a frozen,
 * crashed or slow proposer is simply one that takes its next transition late or never.
 *
 * Bounds:  BALLOTS (last ballot that is used), LOSSES, EPOCHS (2 or 3), PROPOSERS.
 * Starts:  empty tables, or FORMED: genesis is complete (ONE_BEHIND: but one table missed its end).
 * Checks:  CHECK_RESUME: a lone proposer can finish whatever others left, from every state.
 * Worlds:  TWO_TABLES: two different tables may be lost; SHARED_BALLOTS: ballots are not unique.
 * Faults:  each #ifdef that README.md lists under "Planted faults"; spin must find an error.
 */
#ifndef BALLOTS
#define BALLOTS 7
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef PROPOSERS
#define PROPOSERS 2
#endif

/* Values 1 and 2 are the genesis of the FORMED start, so the first free ballot is 3. */
#define BALLOT_FIRST 3

/* The lone proposer of CHECK_RESUME needs this many rounds at most, with ballots above all others. */
#ifdef CHECK_RESUME
#define ROUNDS 4
#else
#define ROUNDS 0
#endif
#define VALUES (BALLOTS + ROUNDS + 1)
#define HELPER PROPOSERS

/* The incarnation of a table that has not answered; real ones count up from 0 and never repeat. */
#define NONE 7

/* An attempt is known by its index; with SHARED_BALLOTS two attempts carry one ballot. */
#ifdef SHARED_BALLOTS
#define BALLOT(a) ((a) < BALLOT_FIRST -> (a) : ((a) + BALLOT_FIRST) / 2)
#else
#define BALLOT(a) (a)
#endif

#ifdef NO_MAJORITY
#define MAJORITY 1
#else
#define MAJORITY 2
#endif

/* The two conditions of a table: these are all that a table itself enforces. */
#ifdef PREPARE_NOT_STRICT
#define MAY_PROMISE(t, a) (promised[t] <= BALLOT(a))
#else
#define MAY_PROMISE(t, a) (promised[t] < BALLOT(a))
#endif
#ifdef ACCEPT_IGNORES_PROMISE
#define MAY_ACCEPT(t, a) (true)
#else
#define MAY_ACCEPT(t, a) (promised[t] <= BALLOT(a))
#endif

/* A value names the attempt that authored each epoch up to its own, so its history can be checked. */
typedef Value {
  unsigned epoch : 2;
  unsigned forming : 1;
  unsigned joining : 2;   /* the slot whose table is being re-seeded, plus one; 0 is none */
  unsigned list0 : 2;
  unsigned list1 : 2;
  unsigned list2 : 2;
  unsigned author1 : 4;
  unsigned author2 : 4;
  unsigned author3 : 4
};
Value val[VALUES];   /* by attempt: an attempt proposes one value at most */
#define LISTED(v, t) ((t) == 0 -> val[v].list0 : ((t) == 1 -> val[v].list1 : val[v].list2))
#define AUTHOR(v, e) ((e) == 1 -> val[v].author1 : ((e) == 2 -> val[v].author2 : val[v].author3))

/* What a reader makes of the two marks; the planted faults are the natural rules that ignore them. */
#ifdef GENESIS_ONE_STEP
#define FORMING(v) 0
#else
#define FORMING(v) val[v].forming
#endif
#ifdef RESEED_ONE_STEP
#define JOINING(v) 0
#else
#define JOINING(v) val[v].joining
#endif
#ifdef ADMIT_UNNAMED
#define IS_JOINER(v, t, x) (JOINING(v) == (t) + 1)
#else
#define IS_JOINER(v, t, x) (JOINING(v) == (t) + 1 && LISTED(v, t) == (x))
#endif
#define IS_VOTER(v, t, x) (JOINING(v) != (t) + 1 && LISTED(v, t) == (x))

/* Whose accept counts for a value, and how many it needs. */
#define COUNTS(v, t, x) (val[v].joining != (t) + 1 && LISTED(v, t) == (x))
#define NEEDED(v) (val[v].forming -> 3 : MAJORITY)

/* The tables. Accepted holds the attempt whose value is stored; 0 is an empty item. */
byte incarnation[3], promised[3], accepted[3];
byte losses;

/* The proposers; the last slot is the helper of CHECK_RESUME. */
typedef Answers { byte inc[3]; byte acc[3] };
Answers seen[PROPOSERS + 1];
byte attempt[PROPOSERS], sent[PROPOSERS], acks[PROPOSERS + 1];
byte begun[PROPOSERS];   /* newest decided epoch when the attempt began */

/* What was decided: the author of each epoch, and the range of ballots that decided it. */
byte decided[EPOCHS + 1], ballotMin[EPOCHS + 1], ballotMax[EPOCHS + 1];

/* Scratch of the indivisible steps, zero between them, so that it adds no states. */
byte i, j, newest, answers, voters, agreeing, joiner, stranger;
short live;

inline copyValue(to, from) {
  val[to].epoch = val[from].epoch;
  val[to].forming = FORMING(from); val[to].joining = JOINING(from);
  val[to].list0 = val[from].list0; val[to].list1 = val[from].list1; val[to].list2 = val[from].list2;
  val[to].author1 = val[from].author1; val[to].author2 = val[from].author2; val[to].author3 = val[from].author3
}

inline clearValue(v) {
  val[v].epoch = 0; val[v].forming = 0; val[v].joining = 0;
  val[v].list0 = 0; val[v].list1 = 0; val[v].list2 = 0;
  val[v].author1 = 0; val[v].author2 = 0; val[v].author3 = 0
}

inline setListed(v, t, x) {
  if :: t == 0 -> val[v].list0 = x :: t == 1 -> val[v].list1 = x :: else -> val[v].list2 = x fi
}

inline forget(p) {
  seen[p].inc[0] = NONE; seen[p].inc[1] = NONE; seen[p].inc[2] = NONE;
  seen[p].acc[0] = 0; seen[p].acc[1] = 0; seen[p].acc[2] = 0
}

/* ---- What a proposer concludes from the promises that it has. ---- */

#ifdef PROPOSER_IGNORES_ACCEPTED
#define IS_NEWER(a) (a != 0 && (newest == 0 || BALLOT(a) < BALLOT(newest)))
#else
#define IS_NEWER(a) (BALLOT(a) > BALLOT(newest))
#endif

inline judge(p) {
  newest = 0; answers = 0; voters = 0; agreeing = 0; joiner = 0; stranger = NONE;
  for (i : 0 .. 2) {
    if
    :: seen[p].inc[i] != NONE ->
       answers++;
       if :: IS_NEWER(seen[p].acc[i]) -> newest = seen[p].acc[i] :: else fi
    :: else
    fi
  }
  for (i : 0 .. 2) {
    if
    :: newest == 0 || seen[p].inc[i] == NONE
    :: else ->
       if
       :: IS_VOTER(newest, i, seen[p].inc[i]) ->
          voters++;
          if :: BALLOT(seen[p].acc[i]) == BALLOT(newest) -> agreeing++ :: else fi
       :: IS_JOINER(newest, i, seen[p].inc[i]) -> joiner = i + 1
       :: else -> stranger = i
       fi
    fi
  }
  i = 0
}

inline unjudge() { newest = 0; answers = 0; voters = 0; agreeing = 0; joiner = 0; stranger = 0 }

/* ---- What it may then propose. Agreeing voters prove that the value they hold was decided. ---- */

#define IS_FORMING (newest != 0 && FORMING(newest) && answers == 3)
#define CAN_FOUND (newest == 0 && answers == 3)
#ifdef GENESIS_NOT_RESUMED
#define CAN_REFOUND (false)
#else
#define CAN_REFOUND (IS_FORMING && voters >= 2 && agreeing < 3)
#endif
#ifdef COMPLETE_UNDECIDED
#define CAN_COMPLETE (IS_FORMING && voters == 3)
#else
#define CAN_COMPLETE (IS_FORMING && agreeing == 3)
#endif
#define CAN_WRITE (newest != 0 && !FORMING(newest) && voters >= MAJORITY)
#define CAN_RAISE(a) (newest != 0 && !val[a].forming && val[a].epoch < EPOCHS)
#define CAN_JOIN (CAN_WRITE && stranger != NONE)
#ifdef ADMIT_UNDECIDED
#define CAN_ADMIT (CAN_WRITE && joiner != 0)
#else
#define CAN_ADMIT (CAN_WRITE && joiner != 0 && agreeing >= MAJORITY)
#endif

inline takeList(p, a) {
  val[a].list0 = seen[p].inc[0]; val[a].list1 = seen[p].inc[1]; val[a].list2 = seen[p].inc[2]
}
inline found(p, a) { val[a].epoch = 1; val[a].forming = 1; val[a].author1 = a; takeList(p, a) }
inline refound(p, a) { copyValue(a, newest); takeList(p, a) }
inline complete(a) { copyValue(a, newest); val[a].forming = 0 }
inline join(p, a) {
  copyValue(a, newest);
  setListed(a, stranger, seen[p].inc[stranger]);
  val[a].joining = stranger + 1
}
inline admit(p, a) {
  copyValue(a, newest);
  setListed(a, joiner - 1, seen[p].inc[joiner - 1]);
  val[a].joining = 0
}
inline raise(a) {
  val[a].epoch = val[a].epoch + 1;
  if :: val[a].epoch == 2 -> val[a].author2 = a :: else -> val[a].author3 = a fi
}

/* ---- The properties, asserted whenever a value is read or decided. ---- */

/*
 * A proposer that wants no change may report an agreed value without writing it. The two one-step rules would
 * fail here at once, and are let through so that they show the graver fault that they have.
 */
#if defined(GENESIS_ONE_STEP) || defined(RESEED_ONE_STEP)
#define IS_READ_CHECKED (false)
#else
#define IS_READ_CHECKED (true)
#endif
inline checkRead(p) {
  if
  :: IS_READ_CHECKED && CAN_WRITE && agreeing >= MAJORITY ->
     assert(val[newest].epoch >= begun[p] && AUTHOR(newest, val[newest].epoch) == decided[val[newest].epoch])
  :: else
  fi
}

inline checkDecision(p, a) {
#ifdef REACH_RESUMED
  assert(val[a].forming || val[a].author1 % PROPOSERS == a % PROPOSERS);
#endif
  /* No attempt that began after an epoch was decided decides an older one. */
  assert(val[a].epoch >= begun[p]);
  /* One value an epoch, and every decided value knows all that were decided before it. */
  for (i : 1 .. val[a].epoch) {
    assert(decided[i] == 0 || decided[i] == AUTHOR(a, i));
    decided[i] = AUTHOR(a, i)
  }
  /* Epochs rise with ballots; the extremes that no comparison needs are not kept. */
  i = val[a].epoch;
  if :: i > 1 && (ballotMin[i] == 0 || BALLOT(a) < ballotMin[i]) -> ballotMin[i] = BALLOT(a) :: else fi;
  if :: i < EPOCHS && BALLOT(a) > ballotMax[i] -> ballotMax[i] = BALLOT(a) :: else fi;
  for (i : 1 .. EPOCHS) {
    for (j : i + 1 .. EPOCHS) { assert(ballotMin[j] == 0 || ballotMax[i] < ballotMin[j]) }
  }
  i = 0; j = 0
}

/* ---- Reductions: they merge states that no later step can tell apart. ---- */

/* Tables 1 and 2 are alike while only table 0 can be lost, so they are kept in one order. */
inline mirror() {
#ifndef TWO_TABLES
  if
  :: accepted[1] < accepted[2] || (accepted[1] == accepted[2] && promised[1] < promised[2]) ||
     (accepted[1] == accepted[2] && promised[1] == promised[2] && seen[0].inc[1] < seen[0].inc[2]) ->
     i = accepted[1]; accepted[1] = accepted[2]; accepted[2] = i;
     i = promised[1]; promised[1] = promised[2]; promised[2] = i;
     for (j : 0 .. PROPOSERS - 1) {
       i = seen[j].inc[1]; seen[j].inc[1] = seen[j].inc[2]; seen[j].inc[2] = i;
       i = seen[j].acc[1]; seen[j].acc[1] = seen[j].acc[2]; seen[j].acc[2] = i;
       sent[j] = (sent[j] & 1) | ((sent[j] & 2) << 1) | ((sent[j] & 4) >> 1)
     }
     i = 0; j = 0
  :: else
  fi
#else
  skip
#endif
}

/* A value that no table holds and no running attempt has read or proposes can never be seen again. */
inline sweep() {
  mirror();
  live = (1 << accepted[0]) | (1 << accepted[1]) | (1 << accepted[2]);
  for (i : 0 .. PROPOSERS - 1) {
    if
    :: sent[i] != 0 -> live = live | (1 << attempt[i])
    :: else -> live = live | (1 << seen[i].acc[0]) | (1 << seen[i].acc[1]) | (1 << seen[i].acc[2])
    fi
  }
  for (i : 1 .. BALLOTS) {
    if :: val[i].epoch != 0 && !(live & (1 << i)) -> clearValue(i) :: else fi
  }
  i = 0; live = 0
}

/* ---- The steps of a proposer. ---- */

#define ME attempt[me]

inline promise(t) {
  promised[t] = BALLOT(ME); seen[me].inc[t] = incarnation[t]; seen[me].acc[t] = accepted[t]
}

/* A table that was lost stores an accept too, as in DynamoDB; its answer does not count. */
inline accept(t) {
  promised[t] = BALLOT(ME); accepted[t] = ME; sent[me] = sent[me] | (1 << t);
  if
  :: COUNTS(ME, t, incarnation[t]) ->
     acks[me]++;
#ifdef REACH_RESEEDED
     assert(t != 0 || incarnation[t] == 0 || acks[me] != NEEDED(ME) || val[ME].epoch < EPOCHS);
#endif
     if :: acks[me] == NEEDED(ME) -> checkDecision(me, ME) :: else fi
  :: else
  fi;
  if :: sent[me] == 7 -> sent[me] = 0; acks[me] = 0; begun[me] = 0 :: else fi;
  sweep()
}

/* Any attempt may be given up at any point; the next may skip ballots. */
inline begin(skipped) {
  ME = ME + skipped; sent[me] = 0; acks[me] = 0; forget(me);
  begun[me] = 0;
  for (i : 1 .. EPOCHS) { if :: decided[i] != 0 -> begun[me] = i :: else fi }
  i = 0
}
#define CAN_BEGIN(k, t) (ME + k <= BALLOTS && MAY_PROMISE(t, ME + k))
#define BEGIN(t) \
  :: d_step { CAN_BEGIN(PROPOSERS, t) -> begin(PROPOSERS); promise(t); sweep() } \
  :: d_step { CAN_BEGIN(2 * PROPOSERS, t) -> begin(2 * PROPOSERS); promise(t); sweep() } \
  :: d_step { CAN_BEGIN(3 * PROPOSERS, t) -> begin(3 * PROPOSERS); promise(t); sweep() }

#define PROMISES ((seen[me].inc[0] != NONE) + (seen[me].inc[1] != NONE) + (seen[me].inc[2] != NONE))
#define PREPARE(t) \
  d_step { sent[me] == 0 && PROMISES > 0 && seen[me].inc[t] == NONE && MAY_PROMISE(t, ME) -> promise(t); mirror() }
#define ACCEPT(t) \
  d_step { sent[me] != 0 && !(sent[me] & (1 << t)) && MAY_ACCEPT(t, ME) -> accept(t) }

proctype Proposer(byte me) {
end:
  do
  BEGIN(0) BEGIN(1) BEGIN(2)
  :: PREPARE(0) :: PREPARE(1) :: PREPARE(2)
  /* Choosing a value is local, so it happens in one step with the first accept. */
  :: atomic {
       sent[me] == 0 && PROMISES >= MAJORITY && (MAY_ACCEPT(0, ME) || MAY_ACCEPT(1, ME) || MAY_ACCEPT(2, ME)) ->
       d_step { judge(me); checkRead(me) };
       if
       :: d_step { CAN_FOUND -> found(me, ME) }
       :: d_step { CAN_REFOUND -> refound(me, ME) }
       :: d_step { CAN_COMPLETE -> complete(ME) }
       :: d_step { CAN_WRITE -> copyValue(ME, newest) }
       :: d_step { CAN_JOIN -> join(me, ME) }
       :: d_step { CAN_ADMIT -> admit(me, ME) }
       :: d_step { !(CAN_FOUND || CAN_REFOUND || CAN_COMPLETE || CAN_WRITE) -> unjudge() }; goto end
       fi;
       /* A change of the epoch may come on its own or together with a step of the list. */
       if :: d_step { CAN_RAISE(ME) -> raise(ME) } :: skip fi;
       d_step { unjudge(); forget(me) };
       if
       :: d_step { MAY_ACCEPT(0, ME) -> accept(0) }
       :: d_step { MAY_ACCEPT(1, ME) -> accept(1) }
       :: d_step { MAY_ACCEPT(2, ME) -> accept(2) }
       fi
     }
  :: ACCEPT(0) :: ACCEPT(1) :: ACCEPT(2)
  od
}

/* ---- The world: tables are lost, and a helper tries to finish what it finds. ---- */

inline lose(t) {
  losses++; promised[t] = 0; accepted[t] = 0;
#ifndef NO_INCARNATION
  incarnation[t]++;
#endif
  sweep()
}

/*
 * A helper that is alone, reaches all tables and follows the rules must end with a formed value for which
 * all three tables vote, and which has every decided epoch in its history. It works on copies and leaves
 * the state as it was, so this holds for every state that is reached.
 */
inline checkResume() {
  for (i : 0 .. 2) { seen[HELPER].inc[i] = incarnation[i]; seen[HELPER].acc[i] = accepted[i] }
  for (j : BALLOTS + 1 .. BALLOTS + ROUNDS) {
    judge(HELPER);
    if
    :: CAN_FOUND -> found(HELPER, j)
    :: CAN_REFOUND -> refound(HELPER, j)
    :: CAN_COMPLETE -> complete(j)
    :: CAN_JOIN -> join(HELPER, j)
    :: CAN_ADMIT -> admit(HELPER, j)
    :: CAN_WRITE && !CAN_JOIN && !CAN_ADMIT -> copyValue(j, newest)
    :: else -> assert(false)
    fi;
    for (i : 0 .. 2) {
      acks[HELPER] = acks[HELPER] + COUNTS(j, i, incarnation[i]);
      seen[HELPER].acc[i] = j
    }
    assert(acks[HELPER] >= NEEDED(j));
    acks[HELPER] = 0
  }
  judge(HELPER);
  assert(CAN_WRITE && voters == 3);
  for (i : 1 .. EPOCHS) {
    assert(decided[i] == 0 || (val[newest].epoch >= i && AUTHOR(newest, i) == decided[i]))
  }
  for (i : BALLOTS + 1 .. BALLOTS + ROUNDS) { clearValue(i) }
  i = 0; j = 0; unjudge(); forget(HELPER)
}

proctype World() {
end:
  do
  :: d_step { losses < LOSSES -> lose(0) }
#ifdef TWO_TABLES
  /* The tables are alike, so the first loss may be called table 0, and table 2 is the one never lost. */
  :: d_step { losses > 0 && losses < LOSSES -> lose(1) }
#endif
#ifdef CHECK_RESUME
  /* Two lost tables are a majority that forgot; then the register holds, and nothing needs to finish. */
#ifdef TWO_TABLES
  :: d_step { losses <= 1 -> checkResume() }
#else
  :: d_step { true -> checkResume() }
#endif
#endif
  od
}

init {
  d_step {
    for (i : 0 .. PROPOSERS - 1) { attempt[i] = BALLOT_FIRST - PROPOSERS + i; forget(i) }
    forget(HELPER);
#ifdef FORMED
    val[1].epoch = 1; val[1].forming = 1; val[1].author1 = 1;
    val[2].epoch = 1; val[2].author1 = 1;
    decided[1] = 1; ballotMax[1] = BALLOT(2);
    for (i : 0 .. 2) { promised[i] = BALLOT(2); accepted[i] = 2 }
#endif
    i = 0
  };
#ifdef ONE_BEHIND
  if :: accepted[0] = 1 :: accepted[2] = 1 fi;
#endif
  atomic {
    d_step { sweep() };
    for (i : 0 .. PROPOSERS - 1) { run Proposer(i) }
    i = 0;
    run World()
  }
}
