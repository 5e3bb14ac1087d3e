package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation.MatchKind;

/// Which rows of one side of a match are in its result beside pairs.
enum KeptRows {
  MATCHED,
  UNMATCHED,
  /// all, with a mark
  MARKED;

  static KeptRows of(MatchKind kind) {
    return switch (kind) {
      case LEFT, FULL, ANTI -> UNMATCHED;
      case SEMI -> MATCHED;
      case MARK -> MARKED;
    };
  }

  /// The condition on a changed row of this side.
  ///
  /// @param partner whether it has a partner
  String where(String partner) {
    return switch (this) {
      case MATCHED -> " WHERE " + partner;
      case UNMATCHED -> " WHERE NOT " + partner;
      case MARKED -> "";
    };
  }

  /// The sign with which a row counts that found its first partner or lost its last one.
  String sign() {
    return switch (this) {
      case MATCHED -> "(CASE WHEN freshet$n.now THEN 1 ELSE -1 END)";
      case UNMATCHED -> "-(CASE WHEN freshet$n.now THEN 1 ELSE -1 END)";
      case MARKED -> "freshet$v.sign";
    };
  }

  /// An item of FROM: a marked row goes with its old mark and comes with its new one.
  String signs() {
    return this == MARKED ? " CROSS JOIN (VALUES (1), (-1)) AS freshet$v (sign)" : "";
  }

  /// The mark of such a row.
  static String mark() {
    return "(freshet$n.now = (freshet$v.sign > 0))";
  }
}
