package dev.signalbox.ui.fx;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/// The words on the screen, from the bundle `dev/signalbox/ui/messages.properties`. Numbers are
/// formatted by [Format] before they get here.
public final class Messages {
  private static final ResourceBundle BUNDLE =
      ResourceBundle.getBundle("dev.signalbox.ui.messages", Locale.ENGLISH);

  private Messages() {}

  /// The text for a key, its `{0}`… replaced.
  ///
  /// @throws java.util.MissingResourceException when the bundle lacks the key
  public static String text(String key, Object... values) {
    String pattern = BUNDLE.getString(key);
    return values.length == 0
        ? pattern.replace("''", "'")
        : new MessageFormat(pattern, Locale.ENGLISH).format(values);
  }
}
