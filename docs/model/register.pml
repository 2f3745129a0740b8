/*
 * The register's protocol (CASPaxos whose voters are named in the value, over tables that can be lost), for spin.
 *
 * README.md in this folder states the rules in words; scripts/model.sh runs every check.
 * One transition is one conditional update of one table together with its answer, so a frozen,
 * crashed or slow proposer is simply one that takes its next transition late or never.
 *
 * A proposer may propose any step of the list that the rules allow, whatever its configuration would want: so every
 * mixture of old and new configurations, and every change of mind, is among the behaviours that are searched.
 *
 * Bounds:  TABLES (3 or 4), BALLOTS (last ballot that is used), STEPS (namings of a change), LOSSES, EPOCHS, PROPOSERS.
 * Starts:  empty tables, or FOUNDED=list: that list is in force (two bits a table: 0 no voter, else incarnation + 1).
 * Checks:  CHECK_RESUME: a lone proposer can finish whatever others left, from every state.
 * Worlds:  RESTORES: a table comes back with an older content;
 *          SHARED_BALLOTS: ballots are not unique.
 * Faults:  each #ifdef that README.md lists under "Planted faults"; spin must find an error.
 */
#ifndef TABLES
#define TABLES 3
#endif
#ifndef BALLOTS
#define BALLOTS 7
#endif
#ifndef STEPS
#define STEPS 2
#endif
#ifndef LOSSES
#define LOSSES 0
#endif
#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef PROPOSERS
#define PROPOSERS 2
#endif

/* Value 2 is what was founded at the FOUNDED start, so the first free ballot is 3. */
#define BALLOT_FIRST 3

/* The lone proposer of CHECK_RESUME writes to all tables in each round, so two values are enough for it. */
#ifdef CHECK_RESUME
#define SPARE 2
#else
#define SPARE 0
#endif
#define VALUES (BALLOTS + SPARE + 1)
#define HELPER PROPOSERS
#define ROUNDS 16

/* The incarnation of a table that has not answered; real ones count up from 0 and never repeat. */
#define NONE 7

/* An attempt is known by its index; with SHARED_BALLOTS two attempts carry one ballot. */
#ifdef SHARED_BALLOTS
#define BALLOT(a) ((a) < BALLOT_FIRST -> (a) : ((a) + BALLOT_FIRST) / 2)
#else
#define BALLOT(a) (a)
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

/* How far a genesis is. */
#define FOUNDED_STAGE 0
#define HOLDING 1
#define NAMING 2

/* A value names the attempt that authored each epoch up to its own, so its history can be checked. */
typedef Value {
  unsigned epoch : 2;
  unsigned stage : 2;
  unsigned list : 8;      /* two bits a table: 0 no voter, else the voter's incarnation + 1 */
  unsigned slot : 3;      /* the table that a change in progress adds or removes, plus one; 0 is none */
  unsigned entry : 2;     /* its entry after the change: 0 removed, else incarnation + 1 */
  unsigned author1 : 4;
  unsigned author2 : 4;
  unsigned author3 : 4
};
Value val[VALUES];   /* by attempt: an attempt proposes one value at most */
#define ENTRY(l, t) (((l) >> (2 * (t))) & 3)
#define LISTED(v, t, x) (ENTRY(val[v].list, t) == (x) + 1)
#define AUTHOR(v, e) ((e) == 1 -> val[v].author1 : ((e) == 2 -> val[v].author2 : val[v].author3))
#if TABLES == 4
#define SIZE(l) ((ENTRY(l, 0) != 0) + (ENTRY(l, 1) != 0) + (ENTRY(l, 2) != 0) + (ENTRY(l, 3) != 0))
#else
#define SIZE(l) ((ENTRY(l, 0) != 0) + (ENTRY(l, 1) != 0) + (ENTRY(l, 2) != 0))
#endif

#if defined(NO_MAJORITY)
#define MAJORITY(l) 1
#elif defined(CALLERS_MAJORITY)
/* What a caller takes for a majority: that of its own configuration, which for one of the two is smaller. */
#define MAJORITY(l) (me == 0 -> SIZE(l) / 2 + 1 : SIZE(l) / 2)
#else
#define MAJORITY(l) (SIZE(l) / 2 + 1)
#endif

/* The tables. Accepted holds the attempt whose value is stored; 0 is an empty item. */
byte incarnation[TABLES], promised[TABLES], accepted[TABLES];
byte losses, steps;
#ifdef RESTORES
byte savedPromised, savedAccepted;   /* the backup of table 0 */
bool isSaved;
#endif

/* The proposers; the last slot is the helper of CHECK_RESUME. */
typedef Answers { byte inc[TABLES]; byte acc[TABLES] };
Answers seen[PROPOSERS + 1];
byte attempt[PROPOSERS], sent[PROPOSERS], acks[PROPOSERS + 1];
byte begun[PROPOSERS];   /* newest decided epoch when the attempt began */
#define ALL_SENT ((1 << TABLES) - 1)

/* What was decided: the author of each epoch, and the range of ballots that decided it. */
byte decided[EPOCHS + 1], ballotMin[EPOCHS + 1], ballotMax[EPOCHS + 1];

/* Scratch of the indivisible steps, zero between them, so that it adds no states. */
byte i, j, newest, answers, voters, agreeing, old, spare;
short live;

inline copyValue(to, from) {
  val[to].epoch = val[from].epoch; val[to].stage = val[from].stage;
  val[to].list = val[from].list; val[to].slot = val[from].slot; val[to].entry = val[from].entry;
  val[to].author1 = val[from].author1; val[to].author2 = val[from].author2; val[to].author3 = val[from].author3
}

inline clearValue(v) {
  val[v].epoch = 0; val[v].stage = 0; val[v].list = 0; val[v].slot = 0; val[v].entry = 0;
  val[v].author1 = 0; val[v].author2 = 0; val[v].author3 = 0
}

inline forget(p) {
  for (j : 0 .. TABLES - 1) { seen[p].inc[j] = NONE; seen[p].acc[j] = 0 }
  j = 0
}

/* ---- What a proposer concludes from the promises that it has. ---- */

#ifdef PROPOSER_IGNORES_ACCEPTED
#define IS_NEWER(a) (a != 0 && (newest == 0 || BALLOT(a) < BALLOT(newest)))
#else
#define IS_NEWER(a) (BALLOT(a) > BALLOT(newest))
#endif

inline judge(p) {
  newest = 0; answers = 0; voters = 0; agreeing = 0;
  for (i : 0 .. TABLES - 1) {
    if
    :: seen[p].inc[i] != NONE ->
       answers++;
       if :: IS_NEWER(seen[p].acc[i]) -> newest = seen[p].acc[i] :: else fi
    :: else
    fi
  }
  for (i : 0 .. TABLES - 1) {
    if
    :: newest != 0 && seen[p].inc[i] != NONE && LISTED(newest, i, seen[p].inc[i]) ->
       voters++;
       if :: BALLOT(seen[p].acc[i]) == BALLOT(newest) -> agreeing++ :: else fi
    :: else
    fi
  }
  i = 0
}

inline unjudge() { newest = 0; answers = 0; voters = 0; agreeing = 0 }

/* ---- What it may then propose. Agreeing voters prove that the value they hold was decided. ---- */

#define LIST val[newest].list
#define IS_FOUNDED (newest != 0 && val[newest].stage == FOUNDED_STAGE && voters >= MAJORITY(LIST))
#define IS_DECIDED (agreeing >= MAJORITY(LIST))
#define EVERYONE (answers == TABLES)

#define CAN_FOUND (newest == 0 && EVERYONE)
#define IS_NAMING (newest != 0 && val[newest].stage == NAMING && EVERYONE)
#define IS_HOLDING (newest != 0 && val[newest].stage == HOLDING && EVERYONE && voters >= MAJORITY(LIST))
#if defined(GENESIS_NOT_RESUMED)
#define CAN_REFOUND (false)
#define CAN_HOLD (IS_NAMING && agreeing == TABLES)
#elif defined(NAMED_UNDECIDED)
#define CAN_REFOUND ((IS_NAMING && voters < TABLES) || (IS_HOLDING && agreeing < TABLES))
#define CAN_HOLD (IS_NAMING && voters == TABLES)
#else
#define CAN_REFOUND ((IS_NAMING || IS_HOLDING) && agreeing < TABLES)
#define CAN_HOLD (IS_NAMING && agreeing == TABLES)
#endif
#ifdef COMPLETE_UNDECIDED
#define CAN_COMPLETE (IS_HOLDING && voters == TABLES)
#else
#define CAN_COMPLETE (IS_HOLDING && agreeing == TABLES)
#endif

#define CAN_WRITE IS_FOUNDED

/* A change is named by an ordinary change, under the list as it is. The table that is added holds the value already. */
#define IS_ADDED (val[newest].slot != 0 && val[newest].entry != 0)
#define HOLDS(p, t) (seen[p].inc[t] != NONE && BALLOT(seen[p].acc[t]) == BALLOT(newest))
#define CAN_NAME (IS_FOUNDED && val[newest].slot == 0 && steps < STEPS)
#define CAN_ADD(p, t) (CAN_NAME && ENTRY(LIST, t) == 0 && HOLDS(p, t))
#define CAN_REMOVE(t) (CAN_NAME && ENTRY(LIST, t) != 0 && SIZE(LIST) > 1)
#define CAN_DROP (IS_FOUNDED && val[newest].slot != 0)
/* It is in force from the next value on, once its naming is known to be decided. */
#ifdef SETTLE_UNDECIDED
#define CAN_SETTLE (IS_FOUNDED && val[newest].slot != 0)
#else
#define CAN_SETTLE (IS_FOUNDED && val[newest].slot != 0 && IS_DECIDED)
#endif

inline takeList(p, a) {
  val[a].list = 0;
  for (i : 0 .. TABLES - 1) { val[a].list = val[a].list | ((seen[p].inc[i] + 1) << (2 * i)) }
  i = 0
}
inline found(p, a) {
  val[a].epoch = 1; val[a].author1 = a; takeList(p, a);
#ifdef GENESIS_ONE_STEP
  val[a].stage = FOUNDED_STAGE
#else
  val[a].stage = NAMING
#endif
}
inline refound(p, a) { copyValue(a, newest); takeList(p, a); val[a].stage = NAMING }
inline hold(a) {
  copyValue(a, newest);
#ifdef HOLDING_SKIPPED
  val[a].stage = FOUNDED_STAGE
#else
  val[a].stage = HOLDING
#endif
}
inline complete(a) { copyValue(a, newest); val[a].stage = FOUNDED_STAGE }
inline setEntry(a, t, x) { val[a].list = (val[a].list & (255 - (3 << (2 * (t))))) | ((x) << (2 * (t))) }
inline name(a, t, x) {
  copyValue(a, newest); steps++;
#ifdef IN_ONE_STEP
  setEntry(a, t, x)
#else
  val[a].slot = t + 1; val[a].entry = x
#endif
}
inline settle(a) {
  copyValue(a, newest);
  setEntry(a, val[newest].slot - 1, val[newest].entry);
#ifdef TWO_AT_A_TIME
  /* A second voter is added or removed in the same step. */
  j = val[newest].slot % TABLES;
  if :: ENTRY(val[a].list, j) == 0 -> setEntry(a, j, incarnation[j] + 1) :: else -> if :: SIZE(val[a].list) > 1 -> setEntry(a, j, 0) :: else fi fi;
  j = 0;
#endif
  val[a].slot = 0; val[a].entry = 0
}
inline drop(a) { copyValue(a, newest); val[a].slot = 0; val[a].entry = 0 }
inline raise(a) {
  val[a].epoch = val[a].epoch + 1;
  if :: val[a].epoch == 2 -> val[a].author2 = a :: else -> val[a].author3 = a fi
}

/* ---- The properties, asserted whenever a value is read or decided. ---- */

/*
 * A proposer that wants no change may report an agreed value without writing it. The one-step rules would fail here
 * at once, and are let through so that they show the graver fault that they have.
 */
#if defined(GENESIS_ONE_STEP) || defined(IN_ONE_STEP)
#define IS_READ_CHECKED (false)
#else
#define IS_READ_CHECKED (true)
#endif
inline checkRead(p) {
  if
  :: IS_READ_CHECKED && CAN_WRITE && IS_DECIDED ->
     assert(val[newest].epoch >= begun[p] && AUTHOR(newest, val[newest].epoch) == decided[val[newest].epoch])
  :: else
  fi
}

inline checkDecision(p, a) {
#ifdef REACH_RESUMED
  assert(val[a].stage != FOUNDED_STAGE || val[a].author1 % PROPOSERS == a % PROPOSERS);
#endif
#ifdef REACH_REPLACED
  /* A table that was not there at first has voted, beside one that was, on a new epoch. */
  assert(val[a].epoch < EPOCHS || ENTRY(val[a].list, 0) < 2);
#endif
#ifdef REACH_GROWN
  assert(val[a].epoch < EPOCHS || SIZE(val[a].list) <= SIZE(FOUNDED));
#endif
#ifdef REACH_SHRUNK
  assert(val[a].epoch < EPOCHS || SIZE(val[a].list) >= SIZE(FOUNDED));
#endif
  if
  :: val[a].stage == FOUNDED_STAGE ->
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
  :: else
  fi;
  i = 0; j = 0
}

/* ---- Reductions: they merge states that no later step can tell apart. ---- */

#if PROPOSERS == 2
#define ATTEMPTS_KEY(t) (((((seen[0].inc[t] * 16 + seen[0].acc[t]) * 8 + seen[1].inc[t]) * 16 + seen[1].acc[t]) * 2 + \
  ((sent[0] >> (t)) & 1)) * 2 + ((sent[1] >> (t)) & 1))
#else
#define ATTEMPTS_KEY(t) (seen[0].inc[t] * 16 + seen[0].acc[t])
#endif
#define KEY(t) ((((accepted[t] * 16 + promised[t]) * 4 + incarnation[t]) << 16) + ATTEMPTS_KEY(t))

inline swap(x, y) {
  i = accepted[x]; accepted[x] = accepted[y]; accepted[y] = i;
  i = promised[x]; promised[x] = promised[y]; promised[y] = i;
  i = incarnation[x]; incarnation[x] = incarnation[y]; incarnation[y] = i;
  for (j : 0 .. PROPOSERS - 1) {
    i = seen[j].inc[x]; seen[j].inc[x] = seen[j].inc[y]; seen[j].inc[y] = i;
    i = seen[j].acc[x]; seen[j].acc[x] = seen[j].acc[y]; seen[j].acc[y] = i;
    if
    :: ((sent[j] >> (x)) & 1) != ((sent[j] >> (y)) & 1) -> sent[j] = sent[j] ^ ((1 << (x)) | (1 << (y)))
    :: else
    fi
  }
  for (j : 1 .. BALLOTS) {
    if
    :: val[j].epoch != 0 ->
       i = ENTRY(val[j].list, x) ^ ENTRY(val[j].list, y);
       val[j].list = val[j].list ^ ((i << (2 * (x))) | (i << (2 * (y))));
       if
       :: val[j].slot == (x) + 1 -> val[j].slot = (y) + 1
       :: val[j].slot == (y) + 1 -> val[j].slot = (x) + 1
       :: else
       fi
    :: else
    fi
  }
  i = 0; j = 0
}

/* No rule tells one table from another, so they are kept in one order. */
inline arrange() {
#ifndef RESTORES
  if :: KEY(0) < KEY(1) -> swap(0, 1) :: else fi;
  if :: KEY(1) < KEY(2) -> swap(1, 2) :: else fi;
#if TABLES == 4
  if :: KEY(2) < KEY(3) -> swap(2, 3) :: else fi;
  if :: KEY(0) < KEY(1) -> swap(0, 1) :: else fi;
  if :: KEY(1) < KEY(2) -> swap(1, 2) :: else fi;
#endif
  if :: KEY(0) < KEY(1) -> swap(0, 1) :: else fi
#else
  skip
#endif
}

/*
 * An attempt that no table will take any more is over. A table forgets its promise only when it is lost, so this waits
 * until none can be lost. A value that no table holds and no running attempt has read or proposes is never seen again.
 */
inline sweep() {
  if
  :: losses >= LOSSES ->
     for (i : 0 .. PROPOSERS - 1) {
       live = 0;
       for (j : 0 .. TABLES - 1) {
         if :: !(sent[i] & (1 << j)) && MAY_ACCEPT(j, attempt[i]) -> live = 1 :: else fi
       }
       if
       :: live == 0 ->
          sent[i] = 0; acks[i] = 0; begun[i] = 0;
          for (j : 0 .. TABLES - 1) { seen[i].inc[j] = NONE; seen[i].acc[j] = 0 }
       :: else
       fi
     }
  :: else
  fi;
  live = 0;
  for (i : 0 .. TABLES - 1) { live = live | (1 << accepted[i]) }
#ifdef RESTORES
  live = live | (1 << savedAccepted);
#endif
  for (i : 0 .. PROPOSERS - 1) {
    if
    :: sent[i] != 0 -> live = live | (1 << attempt[i])
    :: else -> for (j : 0 .. TABLES - 1) { live = live | (1 << seen[i].acc[j]) }
    fi
  }
  for (i : 1 .. BALLOTS) {
    if :: val[i].epoch != 0 && !(live & (1 << i)) -> clearValue(i) :: else fi
  }
  i = 0; j = 0; live = 0;
  arrange()
}

/* ---- The steps of a proposer. ---- */

#define ME attempt[me]

inline promise(t) {
  promised[t] = BALLOT(ME); seen[me].inc[t] = incarnation[t]; seen[me].acc[t] = accepted[t]
}

#define NEEDED(v) (val[v].stage == FOUNDED_STAGE -> MAJORITY(val[v].list) : SIZE(val[v].list))

/* A table that does not vote stores an accept too, as in DynamoDB; its answer does not count. */
inline accept(t) {
  promised[t] = BALLOT(ME); accepted[t] = ME; sent[me] = sent[me] | (1 << t);
  if
  :: LISTED(ME, t, incarnation[t]) ->
     acks[me]++;
     if :: acks[me] == NEEDED(ME) -> checkDecision(me, ME) :: else fi
  :: else
  fi;
  if :: sent[me] == ALL_SENT -> sent[me] = 0; acks[me] = 0; begun[me] = 0 :: else fi;
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

#define PREPARE(t) \
  d_step { sent[me] == 0 && HAS_BEGUN && seen[me].inc[t] == NONE && MAY_PROMISE(t, ME) -> promise(t); sweep() }
#define ACCEPT(t) \
  d_step { sent[me] != 0 && !(sent[me] & (1 << t)) && MAY_ACCEPT(t, ME) -> accept(t) }
#define FIRST_ACCEPT(t) :: d_step { MAY_ACCEPT(t, ME) -> accept(t) }
#define ADD(t) :: d_step { CAN_ADD(me, t) -> name(ME, t, seen[me].inc[t] + 1) }
#define REMOVE(t) :: d_step { CAN_REMOVE(t) -> name(ME, t, 0) }

#if TABLES == 4
#define HAS_BEGUN (seen[me].inc[0] != NONE || seen[me].inc[1] != NONE || seen[me].inc[2] != NONE || seen[me].inc[3] != NONE)
#define ANY_ACCEPT (MAY_ACCEPT(0, ME) || MAY_ACCEPT(1, ME) || MAY_ACCEPT(2, ME) || MAY_ACCEPT(3, ME))
#else
#define HAS_BEGUN (seen[me].inc[0] != NONE || seen[me].inc[1] != NONE || seen[me].inc[2] != NONE)
#define ANY_ACCEPT (MAY_ACCEPT(0, ME) || MAY_ACCEPT(1, ME) || MAY_ACCEPT(2, ME))
#endif

proctype Proposer(byte me) {
end:
  do
  BEGIN(0) BEGIN(1) BEGIN(2)
  :: PREPARE(0) :: PREPARE(1) :: PREPARE(2)
  :: ACCEPT(0) :: ACCEPT(1) :: ACCEPT(2)
#if TABLES == 4
  BEGIN(3)
  :: PREPARE(3)
  :: ACCEPT(3)
#endif
  /* Choosing a value is local, so it happens in one step with the first accept. */
  :: atomic {
       sent[me] == 0 && HAS_BEGUN && ANY_ACCEPT ->
       d_step { judge(me); checkRead(me) };
       if
       :: d_step { CAN_FOUND -> found(me, ME) }
       :: d_step { CAN_REFOUND -> refound(me, ME) }
       :: d_step { CAN_HOLD -> hold(ME) }
       :: d_step { CAN_COMPLETE -> complete(ME) }
       :: d_step { CAN_WRITE -> copyValue(ME, newest) }
       :: d_step { CAN_WRITE && val[newest].epoch < EPOCHS -> copyValue(ME, newest); raise(ME) }
       ADD(0) ADD(1) ADD(2)
       REMOVE(0) REMOVE(1) REMOVE(2)
#if TABLES == 4
       ADD(3) REMOVE(3)
#endif
       :: d_step { CAN_DROP -> drop(ME) }
       :: d_step { CAN_SETTLE -> settle(ME) }
       :: d_step { !(CAN_FOUND || CAN_REFOUND || CAN_HOLD || CAN_COMPLETE || CAN_WRITE) -> unjudge() }; goto end
       fi;
       d_step { unjudge(); forget(me) };
       if
       FIRST_ACCEPT(0) FIRST_ACCEPT(1) FIRST_ACCEPT(2)
#if TABLES == 4
       FIRST_ACCEPT(3)
#endif
       fi
     }
  od
}

/* ---- The world: tables are lost or restored, and a helper tries to finish what it finds. ---- */

inline lose(t) {
  losses++; promised[t] = 0; accepted[t] = 0;
#ifndef NO_INCARNATION
  incarnation[t]++;
#endif
  sweep()
}

#ifdef RESTORES
inline restore() {
  losses++; promised[0] = savedPromised; accepted[0] = savedAccepted; isSaved = false;
  savedPromised = 0; savedAccepted = 0;
#ifndef RESTORED_VOTES
  incarnation[0]++;
#endif
  sweep()
}
#endif

/*
 * A helper that is alone, reaches all tables and follows the rules must end with a decided value for which all tables
 * vote, and which has every decided epoch in its history; or it holds, because too many voters have forgotten. It works
 * on copies and leaves the state as it was, so this holds for every state that is reached.
 */
inline helperStep(to) {
  spare = 0; old = 0;
  if
  :: CAN_FOUND -> found(HELPER, to)
  :: CAN_REFOUND -> refound(HELPER, to)
  :: CAN_HOLD -> hold(to)
  :: CAN_COMPLETE -> complete(to)
  :: IS_FOUNDED && val[newest].slot != 0 ->
     /* A change that was named is settled if the list after it has a majority here; else it is dropped. */
     for (i : 0 .. TABLES - 1) {
       if
       :: val[newest].slot == i + 1 -> old = old + (val[newest].entry == incarnation[i] + 1)
       :: else -> old = old + LISTED(newest, i, incarnation[i])
       fi
     }
     i = SIZE(LIST) + 1;
     if :: val[newest].entry == 0 -> i = i - 2 :: else fi;
     if
     :: !IS_DECIDED -> copyValue(to, newest)
     :: IS_DECIDED && old >= i / 2 + 1 -> settle(to)
     :: else -> drop(to)
     fi;
     i = 0; old = 0
  :: IS_FOUNDED && val[newest].slot == 0 ->
     /* A voter that forgot leaves, a table that is not on the list joins; one of them at a time. */
     for (i : 0 .. TABLES - 1) {
       if
       :: spare == 0 && ENTRY(LIST, i) != 0 && !LISTED(newest, i, incarnation[i]) -> spare = i + 1; old = 1
       :: else
       fi
     }
     for (i : 0 .. TABLES - 1) {
       if :: spare == 0 && ENTRY(LIST, i) == 0 && HOLDS(HELPER, i) -> spare = i + 1 :: else fi
     }
     i = 0;
     copyValue(to, newest);
     if
     :: spare != 0 && IS_DECIDED -> val[to].slot = spare; val[to].entry = (old -> 0 : incarnation[spare - 1] + 1)
     :: else
     fi;
     spare = 0; old = 0
  :: else -> spare = 99
  fi
}

inline checkResume() {
  for (i : 0 .. TABLES - 1) { seen[HELPER].inc[i] = incarnation[i]; seen[HELPER].acc[i] = accepted[i] }
  for (j : 1 .. ROUNDS) {
    judge(HELPER);
    if
    :: spare != 99 ->
       clearValue(BALLOTS + 1 + j % 2);
       helperStep(BALLOTS + 1 + j % 2);
       if
       :: spare != 99 ->
          for (i : 0 .. TABLES - 1) {
            acks[HELPER] = acks[HELPER] + LISTED(BALLOTS + 1 + j % 2, i, incarnation[i]);
            seen[HELPER].acc[i] = BALLOTS + 1 + j % 2
          }
          assert(acks[HELPER] >= NEEDED(BALLOTS + 1 + j % 2));
          acks[HELPER] = 0; i = 0
       :: else -> assert(losses > 0)
       fi
    :: else
    fi
  }
  if
  :: spare != 99 ->
     judge(HELPER);
     assert(IS_FOUNDED && voters == TABLES && agreeing == TABLES && val[newest].slot == 0);
     for (i : 1 .. EPOCHS) {
       assert(decided[i] == 0 || (val[newest].epoch >= i && AUTHOR(newest, i) == decided[i]))
     }
  :: else
  fi;
  clearValue(BALLOTS + 1); clearValue(BALLOTS + 2);
  i = 0; j = 0; spare = 0; old = 0; unjudge(); forget(HELPER)
}

proctype World() {
end:
  do
  :: d_step { losses < LOSSES -> lose(0) }
  :: d_step { losses < LOSSES -> lose(1) }
  :: d_step { losses < LOSSES -> lose(2) }
#if TABLES == 4
  :: d_step { losses < LOSSES -> lose(3) }
#endif
#ifdef RESTORES
  :: d_step { !isSaved && losses < LOSSES && accepted[0] != 0 -> isSaved = true; savedPromised = promised[0]; savedAccepted = accepted[0] }
  :: d_step { isSaved && losses < LOSSES -> restore() }
#endif
#ifdef CHECK_RESUME
  :: d_step { true -> checkResume() }
#endif
  od
}

init {
  d_step {
    for (i : 0 .. PROPOSERS - 1) { attempt[i] = BALLOT_FIRST - PROPOSERS + i; forget(i) }
    forget(HELPER);
#ifdef FOUNDED
    val[2].epoch = 1; val[2].author1 = 2; val[2].list = FOUNDED;
    decided[1] = 2; ballotMax[1] = BALLOT(2);
    for (i : 0 .. TABLES - 1) {
      if :: ENTRY(FOUNDED, i) != 0 -> promised[i] = BALLOT(2); accepted[i] = 2 :: else fi
    }
#endif
    i = 0
  };
  atomic {
    d_step { sweep() };
    for (i : 0 .. PROPOSERS - 1) { run Proposer(i) }
    i = 0;
    run World()
  }
}
