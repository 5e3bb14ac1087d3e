package dev.freshet.compiler.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query with the clauses that belong to it as a whole.
///
/// @param orderBy empty when no order is asked for
public record Query(Span span, With with, Body body, List<SortKey> orderBy, Limit limit) {

  /// A query without a WITH, ORDER BY or LIMIT.
  public static Query of(Body body) {
    return new Query(body.span(), With.NONE, body, List.of(), Limit.NONE);
  }

  /// A query of these values for each combination of rows of the items.
  public static Query of(List<SelectItem> items, List<FromItem> from) {
    return of(
        new Select(
            new Span(0, 0),
            new Projection(new Distinct.All(), items),
            from,
            null,
            new Grouping(List.of(), null),
            List.of()));
  }

  /// The query without a LIMIT that keeps at least one row, where only matters whether there are
  /// any.
  public Query asExistence() {
    boolean keepsOne =
        limit.offset() == null
            && limit.count() instanceof Expression.Constant(var place, var kind, String text)
            && kind == Expression.ConstantKind.NUMBER
            && !text.equals("0");
    Query all = keepsOne ? new Query(span, with, body, List.of(), Limit.NONE) : this;
    return all.asSet();
  }

  /// The query without a DISTINCT, where duplicates do not matter.
  public Query asSet() {
    return limit.isNone()
            && body instanceof Select select
            && select.projection().distinct() instanceof Distinct.DistinctRows
        ? new Query(span, with, select.withDuplicates(), List.of(), limit)
        : this;
  }

  /// What a query is apart from its own WITH, ORDER BY and LIMIT.
  public sealed interface Body {
    Span span();
  }

  /// `SELECT items FROM from WHERE where GROUP BY ... HAVING ... WINDOW ...`.
  ///
  /// @param from the items of the comma list
  public record Select(
      Span span,
      Projection projection,
      List<FromItem> from,
      @Nullable Expression where,
      Grouping grouping,
      List<NamedWindow> windows)
      implements Body {
    private Select withDuplicates() {
      Projection all = new Projection(new Distinct.All(), projection.items());
      return new Select(span, all, from, where, grouping, windows);
    }
  }

  /// `left UNION right` and the like.
  ///
  /// @param all whether duplicates stay
  public record SetOperation(Span span, SetOperator operator, boolean all, Body left, Body right)
      implements Body {}

  /// `VALUES (...), (...)`.
  public record Values(Span span, List<List<Expression>> rows) implements Body {}

  /// `TABLE name`.
  public record WholeTable(Span span, FromItem.TableRef table) implements Body {}

  /// A query in parentheses that has clauses of its own.
  public record Nested(Span span, Query query) implements Body {}

  public enum SetOperator {
    UNION,
    INTERSECT,
    EXCEPT
  }

  /// The WITH list; without entries when there is none.
  public record With(boolean recursive, List<CommonTable> tables) {
    public static final With NONE = new With(false, List.of());
  }

  /// One entry of a WITH list.
  ///
  /// @param columns names given to the first output columns
  /// @param recursion the SEARCH and CYCLE clauses
  public record CommonTable(
      ObjectName name,
      List<String> columns,
      Materialization materialization,
      Query query,
      @Nullable Phrase recursion) {}

  public enum Materialization {
    DEFAULT,
    MATERIALIZED,
    NOT_MATERIALIZED
  }

  /// LIMIT and OFFSET, or FETCH FIRST; both parts null when there is neither.
  ///
  /// @param count how many rows; null means all
  public record Limit(@Nullable Expression count, boolean withTies, @Nullable Expression offset) {
    public static final Limit NONE = new Limit(null, false, null);

    boolean isNone() {
      return count == null && offset == null;
    }
  }

  /// `DISTINCT` and the select list.
  public record Projection(Distinct distinct, List<SelectItem> items) {}

  /// Which rows of a select list stay.
  public sealed interface Distinct {
    record All() implements Distinct {}

    record DistinctRows() implements Distinct {}

    /// `DISTINCT ON (keys)`.
    record DistinctOn(List<Expression> keys) implements Distinct {}
  }

  /// One output column, or several for a star.
  ///
  /// @param alias null when PostgreSQL names the column
  public record SelectItem(Span span, Expression value, @Nullable String alias) {}

  /// GROUP BY and HAVING; without elements when rows are not grouped by anything.
  public record Grouping(List<GroupingElement> elements, @Nullable Expression having) {}

  /// One item of GROUP BY or of a grouping set.
  public sealed interface GroupingElement {
    record Plain(Expression value) implements GroupingElement {}

    /// `()`.
    record Empty() implements GroupingElement {}

    record Rollup(List<GroupingElement> elements) implements GroupingElement {}

    record Cube(List<GroupingElement> elements) implements GroupingElement {}

    record Sets(List<GroupingElement> elements) implements GroupingElement {}
  }

  /// `WINDOW name AS (window)`.
  public record NamedWindow(String name, Window window) {}

  /// What stands between the parentheses of a window.
  ///
  /// @param base name of another window that this one adds to
  /// @param frame RANGE, ROWS or GROUPS with its bounds
  public record Window(
      Span span,
      @Nullable String base,
      List<Expression> partitionBy,
      List<SortKey> orderBy,
      @Nullable Phrase frame) {}

  /// One item of ORDER BY.
  ///
  /// @param using the operator of `USING operator`
  public record SortKey(
      Expression value, Direction direction, @Nullable Operator using, NullsOrder nulls) {}

  public enum Direction {
    DEFAULT,
    ASC,
    DESC
  }

  public enum NullsOrder {
    DEFAULT,
    FIRST,
    LAST
  }
}
