package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// Where the steps of a plan keep their rows. What a step computes is the same for all of them.
sealed interface Staging permits StagingTables, WithList {
  /// The signed multiplicity of a staged row.
  String M = "freshet$m";

  /// Text that is one of two: the first is always right, the second is shorter where a delta has no
  /// rows.
  ///
  /// @param delta that must have rows for the first
  record Choice(Delta delta, String then, String otherwise) {}

  /// Text that is each of two in turn: a query with such parts stands for the rows of all
  /// combinations.
  ///
  /// @param place from 0; parts of one place agree
  /// @param delta that must have rows for the first
  record Half(int place, Delta delta, String then, String otherwise) {}

  /// How many places a query can have; none if there is but one statement for all.
  int mostHalves();

  /// What SQL calls the last refresh: its snapshot, its transaction, its time.
  record Mark(String since, String own, String clock) {
    /// The rows `l` of a log that came after it, as the text after FROM.
    String pending(ChangeLog log) {
      return log.immediate()
          ? log.table() + " l WHERE l.xid = pg_current_xact_id()"
          : "%s l WHERE l.xid >= pg_snapshot_xmin(%s) AND NOT pg_visible_in_snapshot(l.xid, %s) AND l.xid <> %s"
              .formatted(log.table(), since, since, own);
    }
  }

  Mark mark();

  /// Whether the changes of a table are netted: rows that look the same are taken together, which
  /// spares work with those that came and went.
  default boolean nets() {
    return true;
  }

  /// The rows `l` of a log that the view has yet to see, as the text after FROM.
  String pending(ChangeLog log);

  /// A bag of rows with these columns, made on first use, by the name that it has in FROM.
  String bag(String suffix, List<ColumnType> columns);

  /// Adds the rows of a query to a bag if the condition holds.
  void add(String bag, String condition, String query);

  /// As above, of keys or groups that the changes touch.
  default void addKeys(String bag, String condition, String query) {
    add(bag, condition, query);
  }

  /// Adds rows to the bag of a delta.
  ///
  /// @param condition empty for always
  /// @param query strings, [Choice]s and [Half]s, in order
  void stage(Delta delta, String bag, String condition, List<Object> query);

  /// Tells the planner about these columns of the bag of a delta, which is complete.
  void measure(Delta delta, String bag, Collection<String> columns);

  /// A condition: the delta has rows.
  String changed(Delta delta);

  /// A condition: these rows exist. The text begins after FROM.
  default String exists(String rows) {
    return "EXISTS (SELECT FROM " + rows + ")";
  }

  /// Takes note of the groups of the view that are touched. Nobody cares where one refresh at a
  /// time works on a view.
  ///
  /// @param groups a bag with the keys
  default void touches(String condition, String groups, List<ColumnType> keys) {}

  /// A query of the rows of one key, for use in a LATERAL item.
  default String lookup(String query) {
    return query;
  }

  void comment(String text);

  /// The bag of a delta.
  default String delta(Delta delta, List<ColumnType> types) {
    ColumnType multiplicity = column(M, "bigint");
    return bag(
        "_s" + delta.number(), Stream.concat(Stream.of(multiplicity), types.stream()).toList());
  }

  /// A column that only Freshet looks at.
  static ColumnType column(String name, String type) {
    return new ColumnType(name, type, "", "", true, true);
  }
}
