package dev.freshet;

import java.util.Locale;

/// How the content of a view is brought up to date.
public enum Strategy {
  /// Freshet picks one of the others by measured cost and says why in the history.
  AUTO,
  /// Only what has changed since the last refresh is applied to the stored rows.
  INCREMENTAL,
  /// What a transaction has changed is applied when it commits; only as the strategy of a view.
  ON_COMMIT,
  /// What a statement has changed is applied when it ends; only as the strategy of a view.
  EAGER,
  /// The whole view is computed anew, then published.
  FULL,
  /// The whole query runs, and only rows that differ are written.
  CONCURRENT,
  /// The whole view is computed anew beside the old one; if it cannot be published, only rows that
  /// differ are written.
  SWAP,
  /// Only a window of the view is computed anew, then checked.
  TOP_OFF;

  /// The name in options, on the command line and in the history, such as `top-off`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether a single refresh can ask for it, and not only the file of a view.
  public boolean isOfRefreshes() {
    return this != ON_COMMIT && this != EAGER;
  }

  /// The strategy of this label.
  ///
  /// @throws IllegalArgumentException for a name that is no strategy
  public static Strategy ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
