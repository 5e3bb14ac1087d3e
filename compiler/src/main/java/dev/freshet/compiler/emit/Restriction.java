package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.algebra.TimeBucket;
import dev.freshet.compiler.emit.NullArms.Arm;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rows of a relation as it is now that agree with any of some keys.
///
/// @param keys columns of the relation
/// @param table of distinct keys, as it stands in FROM without an alias
/// @param keyTypes the columns of that table, in the same order
/// @param present keys that are not NULL in that table, whatever the relation may hold
record Restriction(
    Relation relation,
    List<String> keys,
    String table,
    List<ColumnType> keyTypes,
    Set<String> present) {

  Restriction(Relation relation, List<String> keys, String table, List<ColumnType> keyTypes) {
    this(relation, keys, table, keyTypes, Set.of());
  }

  /// Adds all columns of the rows to a bag.
  ///
  /// @param changed when there is anything to do
  /// @param reach the order and number of rows that are wanted of each key; empty for all
  void write(Staging staging, String changed, String bag, String reach) {
    for (Arm arm : arms()) {
      staging.add(bag, guard(changed, arm), query(arm, "true", reach));
    }
  }

  /// When the query of a case has anything to do.
  String guard(String changed, Arm arm) {
    return arm.guard().isEmpty()
        ? changed
        : "(%s) AND EXISTS (SELECT FROM %s k WHERE %s)".formatted(changed, table, arm.guard());
  }

  List<Arm> arms() {
    return arms(keys, "x", "k");
  }

  /// Compares other columns with the keys.
  ///
  /// @param columns of `row`, in the order of the keys
  List<Arm> arms(List<String> columns, String row, String key) {
    return NullArms.of(
        IntStream.range(0, keys.size())
            .mapToObj(i ->
                new NullArms.Pair(
                    row + "." + Quote.name(columns.get(i)),
                    key + "." + Quote.name(keyTypes.get(i).name()),
                    keyTypes.get(i),
                    isNullable(keys.get(i))))
            .toList());
  }

  private boolean isNullable(String key) {
    return !present.contains(key) && relation.mayBeNull(key);
  }

  /// The query of one case.
  ///
  /// @param where which rows `k` of the table of keys count
  String query(Arm arm, String where) {
    return query(arm, where, "");
  }

  private String query(Arm arm, String where, String reach) {
    Relation searched = arm.equals(arms().getFirst()) ? bucketed(narrowed()) : relation;
    String rows =
        "(SELECT * FROM (%s) AS x WHERE %s)".formatted(RelationSql.query(searched), arm.match());
    return "SELECT %s FROM %s AS k, LATERAL %s AS x WHERE %s"
        .formatted(
            RelationSql.names(relation.columns(), "x."),
            table,
            reach.isEmpty() ? rows : "(SELECT * FROM " + rows + " AS i" + reach + ")",
            arm.guard().isEmpty() ? where : where + " AND " + arm.guard());
  }

  /// The relation without rows of other times than those of the key `k`.
  private Relation bucketed(Relation searched) {
    if (!(searched instanceof Select select)
        || !searched.equals(relation)
        || select.inputs().stream().anyMatch(input -> input.alias().equals("k"))) {
      return searched;
    }
    Stream<Expression> times =
        IntStream.range(0, keys.size())
            .filter(i -> keyTypes.get(i).type().startsWith("timestamp"))
            .boxed()
            .flatMap(i ->
                TimeBucket.of(select, keys.get(i)).stream()
                    .flatMap(bucket ->
                        bucket.around(Narrowed.column("k", keyTypes.get(i).name())).stream()));
    return new Select(
        select.inputs(),
        Stream.concat(select.conditions().stream(), times).toList(),
        select.outputs());
  }

  /// The relation without most rows that agree with no key, where none is NULL.
  private Relation narrowed() {
    List<Narrowed.Pair> pairs =
        IntStream.range(0, keys.size())
            .mapToObj(i ->
                new Narrowed.Pair(
                    keys.get(i), keyTypes.get(i).name(), Operator.parse(keyTypes.get(i).equals())))
            .toList();
    List<Relation.Column> columns =
        keyTypes.stream().map(type -> new Relation.Column(type.name(), false)).toList();
    return InputSql.isDerived(relation)
        ? Narrowed.of(relation, new Narrowed.Keys(Narrowed.table(table, columns), pairs))
        : relation;
  }
}
