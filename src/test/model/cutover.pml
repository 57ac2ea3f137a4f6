/*
 * The cutover protocol: two consoles, a lease with an epoch, two databases with writers, replication both
 * ways, a router that can hold, and a query cluster. Checked by Spin, see .ci/model and
 * src/docs/decisions/0016-model-of-the-cutover.md, which says what is left out.
 *
 * Side 0 is BLUE, side 1 is GREEN. What Spin looks for:
 * - never are both sides open, but for a side that owes its closing (a debt);
 * - whenever a side is opened, every acknowledged write is on it, but for those that were given up;
 * - no write is acknowledged on a side that is shut;
 * - a console changes nothing where a newer epoch is known;
 * - every run ends (each failure is paid from a budget, everything that is down comes back), and then
 *   exactly one side is open, traffic and queries are on it, no move is under way, somebody drives.
 *
 * Each printf that begins with run or undo names a step of the planes. A test compares these names and
 * their order with the real steps, and judges journals of real moves by them. The label FINISH is the
 * point of no return: what is printed before it is undone, what is printed behind it is gone on with.
 */

#ifndef FAULTS
#define FAULTS 2 /* crashes of consoles, outages of databases, lost or late answers, together */
#endif
#ifndef FORCED
#define FORCED 1 /* takeovers from a console that lives; it does not know at first */
#endif
#ifndef MOVES
#define MOVES 2 /* a cutover and the way back, or another try */
#endif
#ifndef LOSSES
#define LOSSES 1 /* moves for which the operator gives writes up */
#endif
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef WRITES
#define WRITES 1 /* of each writer */
#endif

#define NOBODY 2

/* How a command ended. FAILED says nothing about whether it was done. */
#define OK 0
#define REFUSED 1
#define FAILED 2

/* Budgets. */
byte faults = FAULTS;
byte forced = FORCED;
byte moves = MOVES;
byte losses = LOSSES;

/* The databases. Locks make transactions on the fence of one database follow one another. */
bool up[2] = true;
byte epoch[2] = 1;    /* of the lease's row */
bool shut[2];         /* the fence, as committed */
byte owner[2];        /* console that has a transaction on the fence open, plus 1; 0 for none */
bool closing[2];      /* what that transaction does: close, or open */
bool asked[2];        /* its commit was asked for, the answer did not come */
byte flight[2];       /* writers that hold their row locks: a bit each */
byte rows[2];         /* writes that are there: a bit each */

/* Replication from a side to the other: what was written before the newest marker, the marker, and what
 * was written behind it. It survives outages. */
bool armed[2] = true;
byte ahead[2];
bool marker[2];
byte behind[2];

/* A side that must be closed as soon as it answers. */
byte debtor = NOBODY;

/* Router and query cluster take the newest epoch from the commands that they get. */
byte door = 1;
bit route;
bool held;
bit queries;

/* The journal: the move under way. */
bool moving;
bit source;
bool lossy;

/* What the clients know, and what the operator gave up. */
byte acknowledged;
byte forgiven;

/* The newest epoch, the epoch that each console believes in (0: it looks on), who takes the lease. */
byte newest = 1;
byte drives[2];
bool taking;

/* The fence of a side changes. */
inline put(d, close) {
  assert(close || !shut[d] || d == debtor || (acknowledged & ~(rows[d] | forgiven)) == 0);
  shut[d] = close;
  assert(shut[0] || shut[1] || debtor != NOBODY)
}

inline kill(d) {
  owner[d] = 0;
  asked[d] = false;
  closing[d] = false
}

/* Sessions of this console that have not been told to commit end with it. */
inline abandon() {
  if
  :: owner[0] == me + 1 && !asked[0] -> kill(0)
  :: else
  fi;
  if
  :: owner[1] == me + 1 && !asked[1] -> kill(1)
  :: else
  fi
}

/* A command's epoch against the one that the database knows. */
inline check(d) {
  if
  :: !up[d] || epoch[d] < e -> r = FAILED
  :: up[d] && epoch[d] == e -> r = OK
  :: up[d] && epoch[d] > e -> r = REFUSED
  fi
}

/* The same, and a database that was away when the lease was taken learns the epoch by renewal; whoever held
 * its lease row is ended by that. */
inline renew(d) {
  if
  :: up[d] && epoch[d] < e -> epoch[d] = e; kill(d)
  :: else
  fi;
  check(d)
}

/* When the table locks of a database are given, or when that need not be waited for. */
#define LOCKABLE(d) (owner[d] == 0 && flight[d] == 0)
#define GIVEN(d) (!up[d] || epoch[d] > e || (epoch[d] < e && flight[d] == 0) || LOCKABLE(d))
#define QUIET(d) (!up[d] || epoch[d] > e || epoch[d] < e || owner[d] == 0)

/* Closes or opens a side in one short transaction. An answer that is lost leaves the transaction there:
 * the server commits it or ends it, at any later time. */
inline change(d, close) {
  if
  :: r == OK ->
    assert(e >= epoch[d]);
    if
    :: put(d, close)
    :: faults > 0 ->
      faults--;
      owner[d] = me + 1;
      closing[d] = close;
      asked[d] = true;
      r = FAILED
    fi
  :: else
  fi
}

/* Commits the transaction that this console has open on a side. */
inline commit(d) {
  if
  :: owner[d] == me + 1 && !asked[d] ->
    assert(e >= epoch[d]);
    if
    :: put(d, closing[d]); kill(d); r = OK
    :: faults > 0 -> faults--; asked[d] = true; r = FAILED
    fi
  :: else -> r = FAILED
  fi
}

/* The answer to a command that was obeyed is lost. */
inline lose() {
  if
  :: skip
  :: faults > 0 -> faults--; r = FAILED
  fi
}

inline enter() {
  if
  :: e >= door -> door = e; r = OK
  :: else -> r = REFUSED
  fi
}

/* The journal is the union of both databases. What a deposed console still wrote to one that had not heard
 * of its end counts for nothing: entries of an older epoch behind those of a newer one. One database
 * must be there. */
inline write() {
  if
  :: (up[0] && epoch[0] > e) || (up[1] && epoch[1] > e) -> r = REFUSED
  :: else -> r = OK
  fi
}

/* A marker behind everything that was written on a side. */
inline beat(d) {
  ahead[d] = ahead[d] | behind[d];
  behind[d] = 0;
  marker[d] = true
}

/* Rows arrive as late as they may: with the marker that is behind them. */
inline deliver(d) {
  rows[1 - d] = rows[1 - d] | ahead[d];
  marker[d] = false;
  ahead[d] = behind[d];
  behind[d] = 0
}

#define WORKS(d) (armed[d] && up[0] && up[1])
#define END_OF_MOVE moving = (moving && e != newest); source = (moving -> source : 0); lossy = (moving && lossy)
#define CRASHES atomic { faults > 0 -> faults--; goto crash }

proctype Console(bit me) {
  byte e = 0;
  byte r = OK;
  bit from = 0;
  bit to = 1;
  bool ack = false;  /* the operator gave up what only the old side has */
  bool unasked = false; /* this process ran the move and never asked for the opening */

  if
  :: me == 0 -> atomic { e = 1; drives[0] = 1 }; goto drive
  :: else
  fi;

idle:
end_idle:
  atomic {
    !taking && (up[0] || up[1]) && (drives[1 - me] != newest || forced > 0) && (me == 0 || drives[0] != 0) ->
    if
    :: drives[1 - me] != newest
    :: drives[1 - me] == newest -> forced--
    fi;
    taking = true;
    e = newest + 1
  };
  if
  :: atomic { up[0] -> epoch[0] = e; kill(0); newest = e; door = e }
  :: atomic { !up[0] }
  :: CRASHES
  fi;
  if
  :: atomic {
      if
      :: up[1] -> epoch[1] = e; kill(1); newest = e; door = e
      :: else
      fi;
      taking = false;
      if
      :: newest != e -> goto deposed
      :: else -> drives[me] = e
      fi;
      if
      :: moving -> goto take_up
      :: else
      fi
    }
  :: CRASHES
  fi;

drive:
  atomic { from = 0; to = 1; ack = false; unasked = false; r = OK };
end_levers:
  if
  :: atomic { newest > e -> goto deposed }
  :: atomic {
      !moving && moves > 0 && debtor == NOBODY && up[0] && up[1] && shut[0] != shut[1] ->
      from = (shut[0] -> 1 : 0);
      to = 1 - from;
      /* The lever that goes back leads somewhere, unless writes were given up for it before. */
      assert(from == 0 || losses < LOSSES || (armed[0] && armed[1]))
    }
  :: atomic {
      !moving && losses > 0 && debtor == NOBODY && up[0] != up[1] && !up[route] ->
      losses--;
      from = route;
      to = 1 - from;
      ack = true
    }
  :: atomic { moving && newest == e -> goto take_up }
  :: atomic { !moving && debtor != NOBODY && up[0] && up[1] -> from = debtor; to = 1 - from; goto pay }
  :: CRASHES
  fi;

begin:
  /* Nothing begins when its intent was not written. */
  atomic {
    if
    :: !up[0] && !up[1] -> goto drive
    :: else -> write()
    fi;
    if
    :: r == REFUSED -> goto deposed
    :: r == OK && !ack && (moving || moves == 0) -> goto drive
    :: else ->
      unasked = !ack;
      printf("begin\n");
      if
      :: e == newest -> moving = true; source = from; lossy = ack
      :: else
      fi;
      if
      :: !ack -> moves--
      :: else
      fi
    fi
  };

announce:
  if
  :: atomic {
      if
      :: ack -> r = OK
      :: else ->
        renew(to);
        if
        :: r == OK -> renew(from)
        :: else
        fi;
        if
        :: r == OK && !armed[from] -> r = FAILED
#ifndef REVERSE_NOT_PROVEN
        :: r == OK && !armed[to] -> r = FAILED
#endif
        :: else
        fi
      fi;
      if
      :: r == OK ->
        printf("run database.announce %d\n", e);
        enter();
        if
        :: r == OK ->
          printf("run application.announce %d\n", e);
          printf("run strategy.probe %d\n", e)
        :: else
        fi
      :: else
      fi;
#ifdef POSITION_BEFORE_FENCE
      if
      :: r == OK && !ack -> beat(from); beat(to)
      :: else
      fi;
#endif
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi
    }
  :: CRASHES
  fi;

  if
  :: atomic {
      enter();
      if
      :: r == OK ->
        held = true;
        lose()
      :: else
      fi;
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi;
      printf("run application.hold %d\n", e);
      if
      :: ack -> goto give_up
      :: else
      fi
    }
  :: CRASHES
  fi;

  if
#ifdef TRANSACTION_IN_FLIGHT
  :: atomic {
      !up[from] || epoch[from] > e || owner[from] == 0 ->
#else
  :: atomic {
      GIVEN(from) ->
#endif
      check(from);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi;
      owner[from] = me + 1;
      closing[from] = true;
      printf("run database.fence %d\n", e)
    }
  /* A writer did not end in time. */
  :: atomic { up[from] && !LOCKABLE(from) -> goto take_up }
  :: CRASHES
  fi;

  if
  :: atomic {
      check(from);
      if
      :: r == OK -> check(to)
      :: else
      fi;
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi;
#ifndef POSITION_BEFORE_FENCE
      beat(from);
      beat(to)
#endif
    }
  :: CRASHES
  fi;
  if
#ifdef LAG_LEFT
  :: atomic { !marker[to] }
#else
#ifdef REVERSE_NOT_PROVEN
  :: atomic { !marker[from] }
#else
  :: atomic { !marker[from] && !marker[to] }
#endif
#endif
  /* The markers did not arrive in time. */
  :: atomic { marker[from] || marker[to] -> goto take_up }
  :: CRASHES
  fi;
  if
  :: atomic {
      GIVEN(to) ->
      check(to);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi;
      owner[to] = me + 1;
      closing[to] = false;
      printf("run database.catch-up %d\n", e)
    }
  :: CRASHES
  fi;

  if
  :: atomic {
#ifdef FENCE_LOST
      (owner[from] == me + 1 || GIVEN(from)) ->
      if
      :: owner[from] == me + 1 -> commit(from)
      :: else -> check(from); change(from, true)
      fi;
#else
      commit(from);
#endif
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi
    }
  :: CRASHES
  fi;
  if
  :: atomic {
      if
      :: owner[to] == me + 1 -> unasked = false
      :: else
      fi;
      commit(to);
      if
      :: r == FAILED -> goto take_up
      :: else -> printf("run database.switch %d\n", e)
      fi
    }
  :: CRASHES
  fi;

FINISH:
  if
  :: atomic {
      r = OK;
#ifdef HALF_SWITCHED_BACK
      if
      :: from == 1 -> held = false; goto verify
      :: else
      fi;
#endif
      enter();
      if
      :: r == REFUSED -> goto deposed
      :: else
      fi;
      route = to;
      held = false;
      lose();
      if
      :: r == OK -> printf("run application.route %d\n", e)
      :: r == FAILED -> goto FINISH
      fi
    }
  /* What was committed is not undone: a mirrored move brings it back. */
  :: atomic {
      faults < FAULTS && moves > 0 && !ack && up[0] && up[1] ->
      from = to;
      to = 1 - from;
      unasked = true;
      write();
      if
      :: r == REFUSED -> goto deposed
      :: else
      fi;
      moves--;
      printf("begin\n");
      if
      :: e == newest -> source = from
      :: else
      fi;
      goto announce
    }
  :: CRASHES
  fi;
verify:
  if
  :: atomic {
      enter();
      if
      :: r == REFUSED -> goto deposed
      :: else
      fi;
      queries = to;
      lose();
      if
      :: r == FAILED -> goto verify
      :: else
      fi;
      printf("run database.verify %d\n", e);
      printf("run application.verify %d\n", e);
      printf("run strategy.announce %d\n", e);
      printf("run strategy.drain %d\n", e);
      printf("run strategy.live %d\n", e);
      printf("run strategy.verify %d\n", e)
    }
  :: CRASHES
  fi;
  if
  :: atomic {
      (up[0] || up[1]) ->
      write();
      if
      :: r == REFUSED -> goto deposed
      :: else -> END_OF_MOVE; printf("done\n"); goto drive
      fi
    }
  :: CRASHES
  fi;

  /* The operator gave up the side that does not answer: the other one is opened without it. */
give_up:
  if
  :: atomic {
      renew(to);
      if
      :: r == OK ->
        debtor = from;
        armed[from] = false;
        lose()
      :: else
      fi;
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else
      fi
    }
  :: CRASHES
  fi;
open_alone:
  if
  :: atomic {
      GIVEN(to) ->
      forgiven = forgiven | (acknowledged & ~rows[to]);
      check(to);
      change(to, false);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto take_up
      :: else -> printf("given up\n"); goto FINISH
      fi
    }
  :: CRASHES
  fi;

  /* After a failure, a takeover or a 'resume': what is seen decides, not the journal. It is looked at under
   * the locks, so that no transaction of an attempt that was abandoned can commit behind the look. */
take_up:
  atomic {
    abandon();
    r = OK;
    if
    :: e == newest -> from = source; to = 1 - from; ack = lossy
    :: else
    fi;
    printf("taken up %d\n", e);
    if
    :: !moving -> goto drive
    :: else
    fi
  };
  if
  :: atomic { !ack }
  /* A side is given up by the debt that is written on the other one. From then on it is gone on with; a
   * move that did not come so far has changed nothing, and is looked at as any other. */
  :: atomic {
      ack && QUIET(to) ->
      renew(to);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto hold
      :: r == OK && debtor == from && !shut[to] -> goto FINISH
      :: r == OK && debtor == from && shut[to] -> goto open_alone
      :: else -> ack = false
      fi
    }
  :: CRASHES
  fi;
  if
  :: atomic {
#ifndef LOOK_WITHOUT_LOCK
      QUIET(from) ->
#endif
      renew(from);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto hold
      :: r == OK && !shut[from] -> goto undo
      :: else
      fi
    }
  :: CRASHES
  fi;
  if
  :: atomic {
#ifndef LOOK_WITHOUT_LOCK
      QUIET(to) ->
#endif
      renew(to);
      if
      :: r == REFUSED -> goto deposed
      /* Nothing was asked for that could have opened it. */
      :: r == FAILED && unasked -> goto undo
      :: r == FAILED && !unasked -> goto hold
      :: r == OK && shut[to] -> goto undo
      :: r == OK && !shut[to] -> goto FINISH
      fi
    }
  :: CRASHES
  fi;

  /* From the last step to the first. A mirrored move may begin before traffic or queries had moved. */
undo:
  if
  :: atomic {
      r = OK;
      if
      :: route == from && queries == from
      :: else ->
        enter();
        if
        :: r == REFUSED -> goto deposed
        :: else
        fi;
        queries = from;
        if
        :: route == to -> held = true; route = from
        :: else
        fi;
        lose();
        if
        :: r == FAILED -> goto undo
        :: else
        fi
      fi;
      printf("undo strategy.verify %d\n", e);
      printf("undo strategy.live %d\n", e);
      printf("undo strategy.drain %d\n", e);
      printf("undo strategy.announce %d\n", e);
      printf("undo application.verify %d\n", e);
      printf("undo database.verify %d\n", e);
      printf("undo application.route %d\n", e)
    }
  :: CRASHES
  fi;
  if
  :: atomic {
#ifdef UNDO_UNDER_LOST_LEASE
      (LOCKABLE(from) || !up[from]) ->
      if
      :: up[from] -> put(from, false); r = OK
      :: else -> r = FAILED
      fi;
#else
      GIVEN(from) ->
      check(from);
      change(from, false);
#endif
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto hold
      :: else
      fi;
      printf("undo database.switch %d\n", e);
      printf("undo database.catch-up %d\n", e);
      printf("undo database.fence %d\n", e)
    }
  :: CRASHES
  fi;
undo_hold:
  if
  :: atomic {
      r = OK;
      enter();
      if
      :: r == REFUSED -> goto deposed
      :: else
      fi;
      held = false;
      lose();
      if
      :: r == FAILED -> goto undo_hold
      :: else
      fi;
      printf("undo application.hold %d\n", e);
      printf("undo strategy.probe %d\n", e);
      printf("undo application.announce %d\n", e);
      printf("undo database.announce %d\n", e)
    }
  :: CRASHES
  fi;
  if
  :: atomic {
      (up[0] || up[1]) ->
      write();
      if
      :: r == REFUSED -> goto deposed
      :: else -> END_OF_MOVE; printf("undone\n"); goto drive
      fi
    }
  :: CRASHES
  fi;

  /* Closed on both sides is safe; the operator resumes, or gives a side up. */
hold:
  if
  :: atomic { newest > e -> goto deposed }
  :: atomic { up[0] && up[1] -> goto take_up }
  :: atomic {
      losses > 0 && debtor == NOBODY && up[0] != up[1] ->
      losses--;
      from = (up[0] -> 1 : 0);
      to = 1 - from;
      ack = true;
      goto begin
    }
  :: CRASHES
  fi;

pay:
  if
  :: atomic {
      GIVEN(from) ->
      renew(from);
      change(from, true);
      if
      :: r == REFUSED -> goto deposed
      :: r == FAILED -> goto drive
      :: else
      fi
    }
  :: CRASHES
  fi;
  if
  :: atomic {
      check(to);
      if
      :: r == REFUSED -> goto deposed
      :: r == OK && debtor == from -> armed[to] = false; debtor = NOBODY; printf("paid\n")
      :: else
      fi;
      goto drive
    }
  :: CRASHES
  fi;

  /* A console that was deposed ends its sessions and looks on, as one that died and was started again. */
deposed:
crash:
  atomic {
    abandon();
    if
    :: taking && e == newest + 1 -> taking = false
    :: taking && e == newest && drives[me] != e -> taking = false
    :: else
    fi;
    drives[me] = 0;
    e = 0;
    from = 0;
    to = 1;
    ack = false;
    unasked = false;
    r = OK;
    goto idle
  }
}

/* The servers and the replication between them. */
proctype World() {
end_world:
  do
  :: atomic { asked[0] -> put(0, closing[0]); kill(0) }
  :: atomic { asked[0] -> kill(0) }
  /* A session breaks, or its console was silent for too long. */
  :: atomic { owner[0] != 0 && !asked[0] -> kill(0) }
  :: atomic { up[0] && faults > 0 -> faults--; up[0] = false; kill(0); flight[0] = 0 }
  :: atomic { !up[0] -> up[0] = true }
  :: atomic { WORKS(0) && marker[0] -> deliver(0) }
  :: atomic { asked[1] -> put(1, closing[1]); kill(1) }
  :: atomic { asked[1] -> kill(1) }
  /* A session breaks, or its console was silent for too long. */
  :: atomic { owner[1] != 0 && !asked[1] -> kill(1) }
  :: atomic { up[1] && faults > 0 -> faults--; up[1] = false; kill(1); flight[1] = 0 }
  :: atomic { !up[1] -> up[1] = true }
  :: atomic { WORKS(1) && marker[1] -> deliver(1) }
  od
}

#define BIT (1 << (me * WRITES + n))

inline acknowledge(d) {
  assert(!shut[d]);
  flight[d] = flight[d] & ~BIT;
  rows[d] = rows[d] | BIT;
  if
  :: marker[d] -> behind[d] = behind[d] | BIT
  :: else -> ahead[d] = ahead[d] | BIT
  fi;
  acknowledged = acknowledged | BIT;
  /* It was given up before it came: the side that owes was up again and not yet closed. */
  if
  :: debtor == d && !armed[d] -> forgiven = forgiven | BIT
  :: else
  fi
}

/* Anybody who writes on either side, at any time: neither the hold nor the route is relied upon. A write
 * that is refused was never acknowledged, so it need not be told. */
proctype Writer(bit me) {
  byte n = 0;

end_writer:
  do
  :: n < WRITES ->
end_locks:
    /* Takes its row locks. */
    if
    :: atomic { up[0] && owner[0] == 0 && !shut[0] -> flight[0] = flight[0] | BIT }
    :: atomic { up[1] && owner[1] == 0 && !shut[1] -> flight[1] = flight[1] | BIT }
    fi;
    atomic {
      if
      :: flight[0] & BIT -> acknowledge(0)
      :: flight[1] & BIT -> acknowledge(1)
      /* Its database went down. */
      :: else
      fi;
      n++
    }
  :: n == WRITES -> break
  od
}

/* Nothing more can happen. */
proctype Judge() {
  byte live;
  timeout ->
  atomic {
    live = (shut[0] -> 1 : 0);
    assert(shut[0] != shut[1]);
    assert(!moving);
    assert(debtor == NOBODY);
    assert(!held);
    assert(route == live);
    assert(queries == live);
    assert(drives[0] == newest || drives[1] == newest);
    assert((acknowledged & ~(rows[live] | forgiven)) == 0)
  }
}

init {
  atomic {
    shut[1] = true;
    /* Somebody may have broken the way back after it was armed. */
    if
    :: skip
    :: armed[1] = false
    fi;
    run Console(0);
    run Console(1);
    run World();
    run Writer(0);
    if
    :: WRITERS > 1 -> run Writer(1)
    :: else
    fi;
    run Judge()
  }
}
