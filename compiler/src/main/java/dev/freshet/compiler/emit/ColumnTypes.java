package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The types of relations' columns, as the server derives them.
final class ColumnTypes {
  private final Schema schema;
  private final Map<String, List<ColumnType>> known = new HashMap<>();
  private final Map<String, List<ColumnType>> refined = new HashMap<>();

  ColumnTypes(Schema schema) {
    this.schema = schema;
  }

  List<ColumnType> of(Relation relation) {
    List<ColumnType> declared = of(RelationSql.query(relation));
    return refined.computeIfAbsent(
        RelationSql.query(relation),
        _ -> declared.stream().map(t -> refined(relation, t)).toList());
  }

  /// Equal numbers that have one scale look the same.
  private ColumnType refined(Relation relation, ColumnType type) {
    boolean same =
        type.type().equals("numeric")
            && Scales.of(relation, type.name(), this).filter(Scales.Scale::isFixed).isPresent();
    return same ? type.withEqualMeansSame() : type;
  }

  /// The type of a column as the server says.
  ColumnType declared(Relation relation, String column) {
    return named(of(RelationSql.query(relation)), column);
  }

  List<ColumnType> of(String query) {
    return known.computeIfAbsent(query, schema::describe);
  }

  ColumnType of(Relation relation, String column) {
    return named(of(relation), column);
  }

  static ColumnType named(List<ColumnType> types, String column) {
    return types.stream()
        .filter(type -> type.name().equals(column))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no column " + column));
  }

  /// What rows are grouped by so that only those that look the same meet, whatever their collation.
  static String image(List<ColumnType> types, String prefix) {
    List<String> terms = new ArrayList<>();
    for (ColumnType type : types) {
      String column = prefix + Quote.name(type.name());
      if (type.hasEquality()) {
        terms.add(column);
      }
      if (!type.equalMeansSame()) {
        terms.add(look(type, column));
      }
    }
    return terms.isEmpty() ? "" : " GROUP BY " + String.join(", ", terms);
  }

  /// An expression that is equal only for values that look the same.
  static String look(ColumnType type, String value) {
    return type.equalMeansSame() ? value : value + "::text COLLATE \"C\"";
  }

  /// The columns of rows that are grouped by image.
  static String grouped(List<ColumnType> types, String prefix) {
    return types.stream()
        .map(type -> {
          String column = prefix + Quote.name(type.name());
          return type.hasEquality() ? column : "(array_agg(" + column + "))[1]";
        })
        .collect(Collectors.joining(", "));
  }

  /// Refuses what arrays of arrays cannot hold.
  static void requireGroupable(List<ColumnType> types) {
    types.stream()
        .filter(type -> !type.hasEquality() && type.type().endsWith("[]"))
        .findFirst()
        .ifPresent(type -> {
          throw new Declined(
              "column " + type.name() + " of type " + type.type() + ", which has no equality");
        });
  }
}
