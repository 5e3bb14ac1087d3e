package dev.freshet.compiler.explain;

import java.util.List;
import java.util.regex.Pattern;

/// Which edit would let a query be maintained that is declined.
///
/// @param reason what the compiler says of the part that stands in the way
/// @param advice in sentences
public record Remedy(Pattern reason, String advice) {
  private static final List<Remedy> KNOWN =
      List.of(
          of(
              "without a total order",
              "Order by a unique key besides, or write FETCH FIRST ... ROWS WITH TIES."),
          of("^OFFSET", "Leave OFFSET to the queries that read the view."),
          of("^LIMIT", "Write the number of rows as a constant."),
          of(
              "without PARTITION BY",
              "Give the window a PARTITION BY, or compute it when the view is read."),
          of(
              "^an aggregate of the query around",
              "Group in a query of its own in FROM, and use its columns."),
          of(
              "^a clock or subquery in",
              "Join with a query of its own in FROM, and compute it there."),
          of("^a subquery", "Write it as a join, or as EXISTS or IN in WHERE."),
          of(
              "order of",
              "Order by a unique key besides, or make it a view of its own and read that."),
          of(
              "type numeric.* can look different",
              "Cast it to a numeric with a scale, such as numeric(20, 2)."),
          of("below other operators", "Make it a managed view of its own, and read that."),
          of("^grouping sets", "Declare a view for each grouping."),
          of("^a clock", "Compare with the clock in WHERE, or when the view is read."),
          of("^a LATERAL", "Write it as a join that groups by what it is correlated with."),
          of("whole row", "Name the columns."),
          of("alias of its own", "Give the joined tables names instead of the join."),
          of("^NATURAL", "Write JOIN ... USING (...)."),
          of("^TABLESAMPLE", "Choose rows by a condition instead."),
          of("^WITH RECURSIVE", "Such a view is refreshed as a whole."),
          of("native materialized view", "Make it a managed one with freshet adopt --convert."),
          of("foreign table", "Copy its rows into a table, and read that."),
          of(
              "^(shards cannot|it has no groups)",
              "Only counts, sums, averages and bool_and, bool_or of groups add up."),
          of("^a unique index", "Leave out UNIQUE: GROUP BY makes each group one row."),
          of("^an index on", "Leave out the index."),
          of("when the view is read", "Compute it in queries that read the view."),
          of(
              "has shards",
              "Use freshet.refresh = 'auto', or leave out freshet.shards of that view."),
          of("^it is no grouping of one table", "Use freshet.refresh = 'on-commit'."),
          of("^an aggregate or key of it", "Use freshet.refresh = 'on-commit'."),
          of("needs PostgreSQL 15", "Use freshet.refresh = 'on-commit', or declare it NOT NULL."),
          of("need PostgreSQL 15", "Declare it NOT NULL."),
          of("reads a managed view", "Use freshet.refresh = 'on-commit'."),
          of("generated when it is read", "Write its expression in place of the column."),
          of("temporary", "Read a permanent table."),
          of("depends on who asks", "Filter by role in the queries that read the view."),
          of("changes with time", "Use now() or current_date, which the compiler follows."),
          of("is volatile", "Compute it when the view is read."),
          of(
              "not IMMUTABLE",
              "Declare the function IMMUTABLE if it depends on its arguments alone."),
          of("hashed", "Add a column of another type, such as the key of a table."),
          of("no equality", "Cast the column to a type with equality, such as text or jsonb."),
          of("row security", "Let a role own the view to which the policies do not apply."),
          of("lacks", "Grant what is missing to the owner of the view."),
          of("subscription", "Let the owner of the table own the view too."));

  private static Remedy of(String reason, String advice) {
    return new Remedy(Pattern.compile(reason), advice);
  }

  public static String on(String reason) {
    return KNOWN.stream()
        .filter(known -> known.reason().matcher(reason).find())
        .map(Remedy::advice)
        .findFirst()
        .orElse("Change that part of the query.");
  }
}
