package dev.signalbox.support;

import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.WayBack;
import java.util.EnumMap;
import java.util.Map;

/// Levers for states that no engine made.
public final class SampleLevers {
  private SampleLevers() {}

  /// Every lever is free, but for 'cut over' when there is a reason.
  public static Map<LeverId, Lever> cutOver(String locked) {
    Map<LeverId, Lever> levers = new EnumMap<>(LeverId.class);
    for (LeverId id : LeverId.values()) {
      levers.put(id, new Lever.Free(id.title() + ".", ""));
    }
    if (!locked.isEmpty()) {
      levers.put(LeverId.CUT_OVER, new Lever.Locked(locked));
    }
    return levers;
  }

  /// Nobody can drive: only the lease can be taken.
  public static Map<LeverId, Lever> nobodyDrives(String silence) {
    Map<LeverId, Lever> levers = cutOver("");
    String why = "Nobody can drive: " + silence + ", and the lease needs a majority.";
    levers.replaceAll((id, free) -> id == LeverId.TAKE_OVER ? free : new Lever.Locked(why));
    return levers;
  }

  /// The same on a console that does not drive.
  ///
  /// @param who says who does
  public static Map<LeverId, Lever> elsewhere(String who, Map<LeverId, Lever> there) {
    Map<LeverId, Lever> levers = new EnumMap<>(there);
    levers.replaceAll(
        (id, lever) -> id == LeverId.TAKE_OVER ? lever : new Lever.Elsewhere(who, lever));
    return levers;
  }

  /// As [#cutOver], and 'roll back' as the way back says.
  public static Map<LeverId, Lever> of(String locked, WayBack way) {
    Map<LeverId, Lever> levers = cutOver(locked);
    levers.put(
        LeverId.ROLL_BACK,
        way.possible()
            ? new Lever.Free(way.evidence(), way.wordsToType())
            : new Lever.Locked(way.evidence()));
    return levers;
  }
}
