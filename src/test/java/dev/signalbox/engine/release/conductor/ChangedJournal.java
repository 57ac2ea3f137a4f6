package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.release.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A journal that is as another one but for what a subclass overrides.
public class ChangedJournal implements Journal {
  private final Journal real;

  public ChangedJournal(Journal real) {
    this.real = real;
  }

  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    return real.append(epoch, actor, drafts);
  }

  @Override
  public Reader reader() {
    return real.reader();
  }

  @Override
  public void reconcile(long epoch) {
    real.reconcile(epoch);
  }

  /// Pages that are as others but for what a subclass overrides.
  static class Pages implements Reader {
    private final Reader real;

    Pages(Reader real) {
      this.real = real;
    }

    @Override
    public List<EngineEvent> next() {
      return real.next();
    }

    @Override
    public List<String> unread() {
      return real.unread();
    }

    @Override
    public Set<Long> voided() {
      return real.voided();
    }
  }

  /// Which first entries of a batch are meant.
  enum Begins {
    ANYTHING,
    A_MOVE;

    boolean has(Kind kind) {
      return this == ANYTHING || kind == Kind.MOVE_STARTED;
    }
  }

  /// Goes on as if what could not be written had been.
  static final class Pretending extends ChangedJournal {
    private final Begins kinds;

    Pretending(Journal real, Begins kinds) {
      super(real);
      this.kinds = kinds;
    }

    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      try {
        return super.append(epoch, actor, drafts);
      } catch (JournalException e) {
        if (kinds.has(drafts.getFirst().kind())) {
          return List.of();
        }
        throw e;
      }
    }
  }

  /// Does not tell that a database was not read.
  static final class Incomplete extends ChangedJournal {
    Incomplete(Journal real) {
      super(real);
    }

    @Override
    public Reader reader() {
      return new Pages(super.reader()) {
        @Override
        public List<String> unread() {
          return List.of();
        }
      };
    }
  }

  /// Forgets a page when the next one cannot be read.
  static final class Forgetful extends ChangedJournal {
    Forgetful(Journal real) {
      super(real);
    }

    @Override
    public Reader reader() {
      return new Pages(super.reader()) {
        @Override
        public List<EngineEvent> next() {
          List<EngineEvent> all = new ArrayList<>();
          for (List<EngineEvent> page = super.next(); !page.isEmpty(); page = super.next()) {
            all.addAll(page);
          }
          return all;
        }
      };
    }
  }

  /// Asks for what is behind the last number only.
  static final class NeverRereading extends ChangedJournal {
    NeverRereading(Journal real) {
      super(real);
    }

    @Override
    public Reader reader() {
      return new Pages(super.reader()) {
        private long last;

        @Override
        public List<EngineEvent> next() {
          while (true) {
            List<EngineEvent> page = super.next();
            List<EngineEvent> behind = page.stream().filter(e -> e.sequence() > last).toList();
            if (!behind.isEmpty()) {
              last = behind.getLast().sequence();
            }
            if (page.isEmpty() || !behind.isEmpty()) {
              return behind;
            }
          }
        }
      };
    }
  }
}
