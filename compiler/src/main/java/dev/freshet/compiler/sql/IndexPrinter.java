package dev.freshet.compiler.sql;

import java.util.List;
import java.util.stream.Collectors;

/// Prints an index statement for a relation of the caller's choice.
final class IndexPrinter {
  private IndexPrinter() {}

  static String print(Statement.CreateIndex index, String name, QualifiedName relation) {
    StringBuilder sql = new StringBuilder("CREATE ");
    sql.append(index.head().unique() ? "UNIQUE INDEX " : "INDEX ");
    sql.append(Quote.name(name)).append(" ON ").append(relation.sql());
    printKeys(sql, index.keys());
    printClauses(sql, index.clauses());
    return sql.toString();
  }

  private static void printKeys(StringBuilder sql, Statement.IndexKeys keys) {
    if (keys.method() != null) {
      sql.append(" USING ").append(Quote.name(keys.method()));
    }
    sql.append(
        keys.elements().stream()
            .map(Statement.IndexElement::text)
            .collect(Collectors.joining(", ", " (", ")")));
    if (!keys.include().isEmpty()) {
      sql.append(
          keys.include().stream()
              .map(Quote::name)
              .collect(Collectors.joining(", ", " INCLUDE (", ")")));
    }
    if (keys.nullsNotDistinct()) {
      sql.append(" NULLS NOT DISTINCT");
    }
  }

  private static void printClauses(StringBuilder sql, Statement.IndexClauses clauses) {
    List<OptionSetting> parameters = clauses.storageParameters();
    if (!parameters.isEmpty()) {
      sql.append(
          parameters.stream()
              .map(OptionSetting::sql)
              .collect(Collectors.joining(", ", " WITH (", ")")));
    }
    if (clauses.tablespace() != null) {
      sql.append(" TABLESPACE ").append(Quote.name(clauses.tablespace()));
    }
    if (clauses.where() != null) {
      sql.append(" WHERE ").append(clauses.where());
    }
  }
}
