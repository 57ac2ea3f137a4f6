package dev.signalbox.ui.strategy;

import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.StrategyView.Rates;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.util.List;
import java.util.stream.Stream;

/// A rate against its limit, with a sign and a word.
///
/// @param share of the limit that is used up, 0 to 1; NaN when there is no limit, or no ground
record Rate(String id, String label, String value, Sign sign, String word, double share) {
  /// @param unknown why what was seen last is not what is now; empty when it is
  static List<Rate> of(StrategyView view, String unknown) {
    if (!unknown.isEmpty()) {
      return Stream.of("wrong", "detection", "cache", "queries", "calls")
          .map(id -> unknown(id, unknown))
          .toList();
    }
    Rates rates = view.rates();
    boolean calls = rates.callsPerSecond() > 0 || rates.wrongStrategyShare() > 0;
    return List.of(
        below(
            "wrong",
            calls ? rates.wrongStrategyShare() : Double.NaN,
            StrategyView.WRONG_STRATEGY_LIMIT,
            fine(rates.wrongStrategyShare()),
            Format.percent(StrategyView.WRONG_STRATEGY_LIMIT)),
        below(
            "detection",
            rates.detectionMillis(),
            (double) StrategyView.DETECTION_LIMIT.toMillis(),
            Double.isNaN(rates.detectionMillis()) ? "" : Format.millis(rates.detectionMillis()),
            Format.duration(StrategyView.DETECTION_LIMIT)),
        atLeast(
            "cache",
            rates.cacheHitShare(),
            StrategyView.CACHE_HIT_TARGET,
            fine(rates.cacheHitShare()),
            Format.percent(StrategyView.CACHE_HIT_TARGET)),
        plain("queries", rates.queriesPerSecond()),
        plain("calls", rates.callsPerSecond()));
  }

  private static String fine(double share) {
    return Format.finePercent(share);
  }

  private static Rate below(String id, double value, double limit, String shown, String limitText) {
    if (Double.isNaN(value)) {
      return unknown(id, Messages.text("rate.unknown", Messages.text("rate.limit", limitText)));
    }
    boolean within = value < limit;
    return new Rate(
        id,
        Messages.text("rate." + id),
        shown,
        within ? Sign.OK : Sign.BAD,
        Messages.text(within ? "rate.within" : "rate.over", limitText),
        Math.clamp(value / limit, 0, 1));
  }

  private static Rate atLeast(
      String id, double value, double target, String shown, String targetText) {
    if (Double.isNaN(value)) {
      return unknown(id, Messages.text("rate.unknown", Messages.text("rate.target", targetText)));
    }
    boolean reached = value >= target;
    return new Rate(
        id,
        Messages.text("rate." + id),
        shown,
        reached ? Sign.OK : Sign.BAD,
        Messages.text(reached ? "rate.reached" : "rate.missed", targetText),
        Math.clamp(value, 0, 1));
  }

  private static Rate unknown(String id, String why) {
    return new Rate(id, Messages.text("rate." + id), "–", Sign.UNKNOWN, why, Double.NaN);
  }

  private static Rate plain(String id, double perSecond) {
    return new Rate(
        id, Messages.text("rate." + id), Format.rate(perSecond), Sign.UNKNOWN, "", Double.NaN);
  }
}
