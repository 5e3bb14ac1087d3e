package dev.freshet.compiler.explain;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.ParsedQuery;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlText;
import java.util.List;
import java.util.Optional;

/// Finds operators in the text that the user wrote. What is compiled is PostgreSQL's own spelling
/// of it, so only what can be told apart by its name or its place in the query is found.
public final class SourceLines {
  private final Optional<ParsedQuery> query;

  private SourceLines(Optional<ParsedQuery> query) {
    this.query = query;
  }

  /// Reads the query of a view; of one that cannot be read no line is known.
  ///
  /// @param span of the query in the text
  public static SourceLines of(SqlText source, Span span) {
    try {
      return new SourceLines(Optional.of(ParsedQuery.parse(source, span)));
    } catch (CompileException e) {
      return new SourceLines(Optional.empty());
    }
  }

  /// `, line 3`, or nothing.
  String of(Relation relation) {
    return query
        .flatMap(parsed ->
            span(relation, parsed).map(span -> ", line " + parsed.source().position(span).line()))
        .orElse("");
  }

  private static Optional<Span> span(Relation relation, ParsedQuery parsed) {
    return switch (relation) {
      case Scan scan -> only(tables(parsed, scan));
      case Relation.Clock clock -> Optional.empty();
      case Relation.Rows rows -> Optional.empty();
      case Relation.Constants constants -> Optional.empty();
      case Relation.Select select -> Optional.empty();
      case Relation.Match match -> only(joins(parsed));
      case Relation.Union union -> only(sets(parsed));
      case Aggregate aggregate -> grouping(parsed, aggregate);
      case Relation.Window window -> Optional.empty();
      case Relation.First first -> Optional.empty();
      case Relation.Combine combine -> only(sets(parsed));
    };
  }

  private static List<Span> tables(ParsedQuery parsed, Scan scan) {
    return parsed.tables().stream()
        .filter(table -> !table.commonTable() && table.name().mayEqual(scan.table()))
        .map(FromItem.TableRef::span)
        .toList();
  }

  private static List<Span> joins(ParsedQuery parsed) {
    return from(parsed).stream()
        .filter(
            item -> item instanceof FromItem.Join join && join.kind() != FromItem.JoinKind.INNER)
        .map(FromItem::span)
        .toList();
  }

  private static List<FromItem> from(ParsedQuery parsed) {
    return parsed.query().body() instanceof Query.Select select ? select.from() : List.of();
  }

  private static List<Span> sets(ParsedQuery parsed) {
    return parsed.query().body() instanceof Query.SetOperation operation
        ? List.of(operation.right().span())
        : List.of();
  }

  /// The first item of GROUP BY, if the view's own query is what groups.
  private static Optional<Span> grouping(ParsedQuery parsed, Aggregate aggregate) {
    return parsed.query().body() instanceof Query.Select select
            && select.grouping().elements().stream().findFirst().orElse(null)
                instanceof Query.GroupingElement.Plain(var key)
            && isKey(key, aggregate)
        ? Optional.of(key.span())
        : Optional.empty();
  }

  private static boolean isKey(Expression written, Aggregate aggregate) {
    return written instanceof Expression.Column column
        && aggregate.keys().contains(column.path().getLast());
  }

  private static Optional<Span> only(List<Span> spans) {
    return spans.size() == 1 ? Optional.of(spans.getFirst()) : Optional.empty();
  }
}
