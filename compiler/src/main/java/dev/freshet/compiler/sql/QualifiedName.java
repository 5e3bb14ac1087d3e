package dev.freshet.compiler.sql;

import org.jspecify.annotations.Nullable;

/// The name of a relation, function or type.
///
/// @param schema null when the search path decides
public record QualifiedName(@Nullable String schema, String name) {

  public static QualifiedName of(String name) {
    return new QualifiedName(null, name);
  }

  /// Reads a name as PostgreSQL would: `public.v`, `"My View"`.
  public static QualifiedName parse(String text) {
    return NameReader.qualifiedName(SqlText.of(text));
  }

  /// The name as SQL text, quoted where needed.
  public String sql() {
    return schema == null ? Quote.name(name) : Quote.name(schema) + "." + Quote.name(name);
  }

  /// Whether both can mean the same object under some search path.
  public boolean mayEqual(QualifiedName other) {
    return name.equals(other.name)
        && (schema == null || other.schema == null || schema.equals(other.schema));
  }

  /// Whether it can name something of PostgreSQL's own. In canonical text nothing else stands
  /// without its schema.
  public boolean isBuiltIn() {
    return schema == null || schema.equals("pg_catalog");
  }

  @Override
  public String toString() {
    return sql();
  }
}
