package dev.freshet.compiler.sql;

import java.util.Set;

/// The words of PostgreSQL 14 to 18 that cannot stand for every name without quotes.
final class Keywords {
  private static final Set<String> RESERVED =
      words(
          """
          all analyse analyze and any array as asc asymmetric both case cast check collate column
          constraint create current_catalog current_date current_role current_time
          current_timestamp current_user default deferrable desc distinct do else end except false
          fetch for foreign from grant group having in initially intersect into lateral leading
          limit localtime localtimestamp not null offset on only or order placing primary
          references returning select session_user some symmetric system_user table then to
          trailing true union unique user using variadic when where window with
          """);

  private static final Set<String> FUNCTION_OR_TYPE =
      words(
          """
          authorization binary collation concurrently cross current_schema freeze full ilike inner
          is isnull join left like natural notnull outer overlaps right similar tablesample verbose
          """);

  private static final Set<String> COLUMN =
      words(
          """
          between bigint bit boolean char character coalesce dec decimal exists extract float
          greatest grouping inout int integer interval json_array json_arrayagg json_exists
          json_object json_objectagg json_query json_scalar json_serialize json_table json_value
          least merge_action national nchar none normalize nullif numeric out overlay position
          precision real row setof smallint substring time timestamp treat trim values varchar
          xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
          xmlroot xmlserialize xmltable
          """);

  private Keywords() {}

  /// Whether PostgreSQL needs quotes around this lower-case name somewhere.
  static boolean needQuotes(String word) {
    return RESERVED.contains(word) || FUNCTION_OR_TYPE.contains(word) || COLUMN.contains(word);
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
