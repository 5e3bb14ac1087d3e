package dev.freshet.compiler.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a view's rows are brought up to date.
public enum RefreshStrategy {
  /// Chosen at each refresh, by measured cost and by what is possible.
  AUTO,
  /// Only what has changed since the last refresh is applied.
  INCREMENTAL,
  /// What a transaction has changed is applied when it commits.
  ON_COMMIT,
  /// What a statement has changed is applied when it ends.
  EAGER,
  /// Computed anew, as native REFRESH does.
  FULL,
  /// Compared with the stored rows; only rows that differ are touched.
  CONCURRENT,
  /// Built beside the served rows, then published in one short transaction.
  SWAP,
  /// A part that the user named is computed anew; a check guards the rest.
  TOP_OFF;

  /// Whether writers keep the view fresh within their own transactions.
  public boolean isImmediate() {
    return this == ON_COMMIT || this == EAGER;
  }

  /// As options and commands write it: `top-off`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<RefreshStrategy> of(String text) {
    return Arrays.stream(values()).filter(s -> s.text().equals(text)).findFirst();
  }

  /// The texts of all strategies.
  public static List<String> texts() {
    return Arrays.stream(values()).map(RefreshStrategy::text).toList();
  }
}
