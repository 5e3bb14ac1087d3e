package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import java.io.Serial;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Part of a query is not maintained incrementally. The message says which and why, as the end of a
/// sentence.
public final class Declined extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Optional<Span> part;

  public Declined(String reason) {
    this(reason, Optional.empty(), null);
  }

  /// @param part that stands in the way
  Declined(String reason, Span part) {
    this(reason, Optional.of(part), null);
  }

  private Declined(String reason, Optional<Span> part, @Nullable Declined cause) {
    super(reason, cause);
    this.part = part;
  }

  /// PostgreSQL computes an aggregate of nothing but outer columns with the query that has these.
  static Declined outerAggregate(Expression aggregate) {
    return new Declined(
        "an aggregate of the query around a subquery: " + SqlPrinter.print(aggregate));
  }

  /// Works on a part of the query. What is declined then is there, unless a smaller part is known.
  static <T> T within(Span part, Supplier<T> work) {
    try {
      return work.get();
    } catch (Declined e) {
      throw e.part.isPresent() || part.start() == part.end() ? e : e.in(part);
    }
  }

  /// Works on the text of a view, which the query reads here.
  static <T> T inside(Span view, Supplier<T> work) {
    try {
      return work.get();
    } catch (Declined e) {
      throw e.in(view);
    }
  }

  private Declined in(Span span) {
    return new Declined(reason(), Optional.of(span), this);
  }

  public String reason() {
    return String.valueOf(getMessage());
  }

  /// The smallest part of the query that is known to stand in the way.
  public Optional<Span> part() {
    return part;
  }
}
