package dev.freshet.tests.random;

import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.tests.random.query.Query;
import dev.freshet.tests.random.query.QueryText;
import dev.freshet.tests.random.query.Shape;
import dev.freshet.tests.random.table.Column;
import dev.freshet.tests.random.table.DataType;
import dev.freshet.tests.random.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A view of a random world.
///
/// @param strategy option freshet.refresh
/// @param state whether counts and sums of groups are kept, or groups computed anew
/// @param indexed it has a unique index on the keys of its GROUP BY
/// @param shards rows that a group can have; a view with several has no index
record RandomView(
    String name, Query query, String strategy, HiddenState state, boolean indexed, int shards) {
  QueryText text(List<Table> tables) {
    return QueryText.of(query, name, tables);
  }

  /// The view file.
  String file(List<Table> tables) {
    String file =
        "CREATE MATERIALIZED VIEW %s WITH (freshet.refresh = '%s'%s) AS %s;"
            .formatted(name, strategy, otherOptions(), text(tables).sql());
    return keys() == 0
        ? file
        : file
            + "\nCREATE UNIQUE INDEX ON %s (%s);"
                .formatted(
                    name,
                    IntStream.rangeClosed(1, keys())
                        .mapToObj(number -> "c" + number)
                        .collect(Collectors.joining(", ")));
  }

  private String otherOptions() {
    return (isMaintained() ? ", freshet.on_error = 'fail-write'" : "")
        + (isSharded() ? ", freshet.shards = " + shards : "")
        + (state == HiddenState.NONE ? ", freshet.hidden_state = 'none'" : "");
  }

  boolean isSharded() {
    return shards > 1;
  }

  /// Whether transactions keep it fresh, so that no refresh need be waited for.
  boolean isMaintained() {
    return strategy.equals("on-commit");
  }

  /// How other views see it.
  Table table(List<Table> tables) {
    List<DataType> types = text(tables).types();
    List<Column> columns =
        IntStream.range(0, types.size())
            .mapToObj(i -> new Column("c" + (i + 1), types.get(i), false))
            .toList();
    return new Table(name, Table.Kind.PLAIN, columns, false, Optional.empty());
  }

  /// The names of the views that it reads.
  List<String> views() {
    return Shape.tables(query).filter(table -> table.startsWith("v")).toList();
  }

  private int keys() {
    return indexed
            && query instanceof Query.Group group
            && group.grouping() == Query.Grouping.GROUP_BY
        ? group.keys().size()
        : 0;
  }

  RandomView withQuery(Query other) {
    return new RandomView(name, other, strategy, state, indexed, shards);
  }

  RandomView withoutIndex() {
    return new RandomView(name, query, strategy, state, false, shards);
  }

  RandomView withState(HiddenState other) {
    return new RandomView(name, query, strategy, other, indexed, shards);
  }
}
