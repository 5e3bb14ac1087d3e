package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import java.io.Serial;

/// Part of a query is not maintained incrementally. The message says which and why, as the end of a
/// sentence.
public final class Declined extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public Declined(String reason) {
    super(reason);
  }

  /// PostgreSQL computes an aggregate of nothing but outer columns with the query that has these.
  static Declined outerAggregate(Expression aggregate) {
    return new Declined(
        "an aggregate of the query around a subquery: " + SqlPrinter.print(aggregate));
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
