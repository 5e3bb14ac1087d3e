package dev.freshet.compiler.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A query with all the places where it names relations and columns.
///
/// @param tables every relation in FROM, at any depth, in the order of the text
/// @param columns every column reference, at any depth, in the order of the text
public record ParsedQuery(
    SqlText source, Query query, List<FromItem.TableRef> tables, List<Expression.Column> columns) {

  /// Reads the query of a view; what cannot be understood is refused at its place.
  public static ParsedQuery parse(SqlText source, Span span) {
    return Lowering.lower(source, span);
  }

  public static ParsedQuery parse(String query) {
    return parse(SqlText.of(query), new Span(0, query.length()));
  }

  /// The relations that the query reads, without entries of WITH lists; each name once.
  public List<QualifiedName> relations() {
    return tables.stream()
        .filter(table -> !table.commonTable())
        .map(FromItem.TableRef::name)
        .distinct()
        .toList();
  }

  /// The query as written, but reading other relations.
  ///
  /// @param targets new name by name as written; a replaced relation keeps its old name as alias
  public String readingFrom(Map<QualifiedName, QualifiedName> targets) {
    Map<Span, String> replacements = new HashMap<>();
    for (FromItem.TableRef table : tables) {
      QualifiedName target = targets.get(table.name());
      if (target != null && !table.commonTable()) {
        replace(table, target.sql(), replacements);
        dropSchema(table.name(), replacements);
      }
    }
    return source.replacing(query.span(), replacements);
  }

  private void replace(FromItem.TableRef table, String target, Map<Span, String> replacements) {
    String alias = " AS " + Quote.name(table.name().name());
    if (table.alias() != null
        || source.slice(table.span()).toUpperCase(Locale.ROOT).startsWith("TABLE ")) {
      replacements.put(table.table().span(), target);
    } else if (table.sample() != null) {
      replacements.put(table.table().span(), target + alias);
    } else {
      replacements.put(table.span(), (table.only() ? "ONLY " : "") + target + alias);
    }
  }

  /// Turns `schema.table.column` into `table.column`, because the table is an alias now.
  private void dropSchema(QualifiedName table, Map<Span, String> replacements) {
    for (Expression.Column column : columns) {
      List<String> path = column.path();
      if (path.size() > 2
          && path.get(0).equals(table.schema())
          && path.get(1).equals(table.name())) {
        int start = column.span().start();
        int dot = source.text().indexOf('.', schemaEnd(start));
        replacements.put(new Span(start, dot + 1), "");
      }
    }
  }

  /// An offset at or before the end of the name that begins at `start`, behind any dot in it.
  private int schemaEnd(int start) {
    int quote = source.text().indexOf('"', start);
    boolean quoted = quote == start || source.text().startsWith("&\"", start + 1);
    return quoted ? SqlScanner.closingQuote(source.text(), quote, false) : start;
  }
}
