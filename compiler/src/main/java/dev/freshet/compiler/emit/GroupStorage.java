package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Phrase;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the storage of a grouped view holds beside what the user sees: the keys that are not shown,
/// how many rows a group has, what its aggregates need, and whether HAVING lets it be seen.
final class GroupStorage {
  static final String COUNT = "freshet$n";
  static final String SHOWN = "freshet$shown";

  final DeltaPlan.Groups plan;
  final Aggregate aggregate;

  /// By the aggregate's column; absent where groups are computed anew.
  private final Map<String, GroupState> states = new LinkedHashMap<>();

  private final ColumnTypes types;
  private final boolean recomputed;

  GroupStorage(DeltaPlan.Groups plan, ColumnTypes types) {
    this.plan = plan;
    this.types = types;
    this.aggregate = plan.aggregate();
    List<Optional<GroupState>> known = GroupState.of(aggregate, types);
    List<Output> outputs = aggregate.aggregates().toList();
    for (int i = 0; i < outputs.size(); i++) {
      String name = outputs.get(i).column().name();
      known.get(i).ifPresent(state -> states.put(name, state));
    }
    recomputed = known.stream().anyMatch(Optional::isEmpty);
  }

  /// Whether changes are never added and each touched group is computed anew.
  boolean isRecomputed() {
    return recomputed;
  }

  /// Whether the changes of a statement can be added without a look at other rows, whatever they
  /// are but NaN.
  boolean isAddable(ColumnTypes types) {
    return !recomputed
        && states.values().stream().allMatch(GroupState::isAddable)
        && aggregate.keys().stream()
            .allMatch(key -> types.of(aggregate.input(), key).equalMeansSame());
  }

  List<GroupState> states() {
    return recomputed ? List.of() : List.copyOf(states.values());
  }

  List<GroupState.Part> parts() {
    return states().stream().flatMap(state -> state.parts().stream()).toList();
  }

  String alias() {
    return plan.relation().inputs().getFirst().alias();
  }

  /// The column of the storage that holds a key.
  String storedKey(String key) {
    return plan.relation().outputs().stream()
        .filter(output -> isKey(output.value(), key))
        .map(output -> output.column().name())
        .findFirst()
        .orElse("freshet$key_" + (aggregate.keys().indexOf(key) + 1));
  }

  List<String> storedKeys() {
    return aggregate.keys().stream().map(this::storedKey).toList();
  }

  /// How the row of a group is found.
  StoredKeys lookup() {
    List<ColumnType> stored = types.of(query());
    return new StoredKeys(
        aggregate.keys().stream()
            .map(key ->
                new StoredKeys.Key(
                    ColumnTypes.named(stored, storedKey(key)),
                    types.of(aggregate.input(), key),
                    aggregate.input().mayBeNull(key)))
            .toList());
  }

  private boolean isKey(Expression value, String key) {
    return value instanceof Expression.Column column && column.path().equals(List.of(alias(), key));
  }

  /// The columns that nobody sees: name and value, from the input `i` or from the group `g`.
  ///
  /// @param group how a column of the groups is computed
  /// @param part how a number that is kept is computed
  /// @param count how many rows there are
  Map<String, String> hidden(
      Function<Expression, String> group, Function<GroupState.Part, String> part, String count) {
    Map<String, String> hidden = new LinkedHashMap<>();
    for (String key : aggregate.keys()) {
      String stored = storedKey(key);
      if (stored.startsWith("freshet$key_")) {
        hidden.put(stored, group.apply(column(key)));
      }
    }
    hidden.put(COUNT, count);
    if (hasHaving()) {
      String having =
          plan.relation().conditions().stream().map(group).collect(Collectors.joining(" AND "));
      hidden.put(SHOWN, "(" + having + ") IS TRUE");
    }
    parts().forEach(one -> hidden.put(one.name(), part.apply(one)));
    return hidden;
  }

  boolean hasHaving() {
    return !plan.relation().conditions().isEmpty();
  }

  private Expression column(String name) {
    return new Expression.Column(new Span(0, 0), List.of(alias(), name));
  }

  /// Every column of the storage with its value, computed from rows `i` that are grouped.
  Map<String, String> fromRows() {
    Map<String, String> columns = new LinkedHashMap<>();
    plan.relation()
        .outputs()
        .forEach(output -> columns.put(output.column().name(), overRows(output.value())));
    columns.putAll(hidden(this::overRows, GroupState.Part::build, "count(*)"));
    return columns;
  }

  private String overRows(Expression expression) {
    Map<String, Expression> values =
        aggregate.outputs().stream()
            .collect(Collectors.toMap(o -> o.column().name(), Output::value));
    return SqlPrinter.print(
        Subexpressions.replace(
            expression,
            part ->
                part instanceof Expression.Column column
                    ? Objects.requireNonNull(values.get(column.path().getLast()))
                    : null));
  }

  /// Every column of the storage with its value, computed from a group `g` whose keys and parts are
  /// known.
  Map<String, String> fromState() {
    return fromState(GroupTerms.of("g"));
  }

  /// As above, where other terms stand for the columns of `g`.
  Map<String, String> fromState(GroupTerms group) {
    Map<String, String> columns = new LinkedHashMap<>();
    plan.relation()
        .outputs()
        .forEach(output -> columns.put(output.column().name(), overState(output.value(), group)));
    columns.putAll(
        hidden(
            expression -> overState(expression, group),
            part -> group.number().apply(part.name()),
            group.number().apply(COUNT)));
    return columns;
  }

  /// The columns whose values are computed from those of a group.
  List<String> computed() {
    Stream<String> outputs =
        plan.relation().outputs().stream()
            .filter(output -> !(output.value() instanceof Expression.Column))
            .map(output -> output.column().name());
    return Stream.concat(outputs, Stream.of(SHOWN)).toList();
  }

  /// The printed expression in which each column of the groups stands for its value.
  private String overState(Expression expression, GroupTerms group) {
    return SqlPrinter.print(
        Subexpressions.replace(
            expression,
            part ->
                part instanceof Expression.Column column
                    ? new Expression.Special(
                        part.span(),
                        new Phrase(
                            part.span(),
                            List.of(
                                new Phrase.Piece.Word(
                                    "(" + stateOf(column.path().getLast(), group) + ")"))))
                    : null));
  }

  private String stateOf(String name, GroupTerms group) {
    GroupState state = states.get(name);
    return state != null ? state.result(group) : group.key().apply(name);
  }

  /// The query that computes the storage, over rows in `from`.
  String query(String from) {
    return query(fromRows(), from);
  }

  private String query(Map<String, String> columns, String from) {
    List<String> outputs = new ArrayList<>();
    columns.forEach((name, value) -> outputs.add(value + " AS " + Quote.name(name)));
    return "SELECT %s FROM %s AS i%s"
        .formatted(String.join(", ", outputs), from, RelationSql.groupBy(aggregate.keys()));
  }

  /// The whole storage.
  String query() {
    return query(fromRows());
  }

  /// As above, with these columns.
  String query(Map<String, String> columns) {
    return query(columns, "(" + RelationSql.query(aggregate.input()) + ")");
  }
}
