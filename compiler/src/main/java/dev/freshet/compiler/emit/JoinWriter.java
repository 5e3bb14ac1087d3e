package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.emit.Staging.Choice;
import dev.freshet.compiler.emit.Staging.Half;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes the terms of a join's delta: for each input that can change, its delta with the inputs
/// before it as they are now and those after it as they were.
///
/// An input as it was is what it is now without its delta. A union of both has no index, so each is
/// joined in a statement of its own where there can be several.
final class JoinWriter {
  private static final String M = Staging.M;

  private final DeltaWriter deltas;
  private final Staging staging;

  JoinWriter(DeltaWriter deltas, Staging staging) {
    this.deltas = deltas;
    this.staging = staging;
  }

  /// @param delta whose sources are the inputs of the join, and whose table takes the rows
  void terms(Delta delta, Select join) {
    for (int i = 0; i < join.inputs().size(); i++) {
      if (canChange(delta, i)) {
        new Term(delta, join, i, split(delta, join, i)).write();
      }
    }
  }

  private static boolean canChange(Delta delta, int input) {
    return !(delta.sources().get(input) instanceof Delta.None);
  }

  /// The inputs after the changed one that are split into what they are and their delta.
  private List<Integer> split(Delta delta, Select join, int changed) {
    return IntStream.range(changed + 1, join.inputs().size())
        .filter(i -> canChange(delta, i) && !isOneRow(join.inputs().get(i).relation()))
        .limit(staging.mostHalves())
        .boxed()
        .toList();
  }

  /// Of one row the delta tells what it was.
  private static boolean isOneRow(Relation relation) {
    return relation instanceof Aggregate aggregate && aggregate.keys().isEmpty();
  }

  /// The delta of one input with the others.
  private final class Term {
    private final Delta delta;
    private final Select join;
    private final int changed;
    private final List<Integer> split;
    private final List<Object> multiplicity = new ArrayList<>();
    private final List<Object> first = new ArrayList<>();
    private final List<Object> last = new ArrayList<>();

    Term(Delta delta, Select join, int changed, List<Integer> split) {
      this.delta = delta;
      this.join = join;
      this.changed = changed;
      this.split = split;
    }

    void write() {
      first.add(deltas.table(source(changed)) + " AS " + alias(changed));
      multiplicity.add(alias(changed) + "." + M);
      for (int i = 0; i < join.inputs().size(); i++) {
        if (i != changed) {
          add(i);
        }
      }
      String condition = staging.changed(source(changed));
      staging.stage(delta, deltas.table(delta), condition, parts());
    }

    private Delta source(int input) {
      return delta.sources().get(input);
    }

    private String alias(int input) {
      return Quote.name(join.inputs().get(input).alias());
    }

    private void add(int i) {
      List<Object> items = InputSql.isDerived(join.inputs().get(i).relation()) ? last : first;
      String now = ", " + InputSql.now(join.inputs().get(i), join.conditions(), known(i));
      if (i < changed && canChange(delta, i) && isOneRow(join.inputs().get(i).relation())) {
        items.add(new Choice(source(i), ", " + oneRow(i, ">", ""), now));
      } else if (i < changed || !canChange(delta, i)) {
        items.add(now);
      } else if (split.contains(i)) {
        int half = split.indexOf(i);
        String table = ", " + deltas.table(source(i)) + " AS " + alias(i);
        items.add(new Half(half, source(i), table, now));
        multiplicity.add(new Half(half, source(i), factor(i, "-"), ""));
      } else {
        items.add(new Choice(source(i), ", " + old(i), now));
        multiplicity.add(new Choice(source(i), factor(i, ""), ""));
      }
    }

    private String factor(int input, String sign) {
      return " * " + sign + alias(input) + "." + M;
    }

    private String old(int input) {
      Input was = join.inputs().get(input);
      return isOneRow(was.relation())
          ? oneRow(input, "<", "1::bigint AS " + M)
          : deltas.old(InputSql.narrowed(was, join.conditions(), known(input)), source(input));
    }

    /// What one row has become, or what it was; if it has not changed, what it is.
    private String oneRow(int input, String sign, String multiplicity) {
      Input row = join.inputs().get(input);
      String table = deltas.table(source(input));
      String columns =
          Stream.of(
                  multiplicity, RelationSql.names(row.relation().columns(), DeltaWriter.OWN + "."))
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining(", "));
      return "(SELECT %1$s FROM %2$s AS %3$s WHERE %3$s.%4$s %5$s 0 UNION ALL SELECT %1$s FROM %6$s WHERE NOT EXISTS (SELECT FROM %2$s)) AS %7$s"
          .formatted(
              columns,
              table,
              DeltaWriter.OWN,
              M,
              sign,
              RelationSql.item(new Input(DeltaWriter.OWN, row.relation())),
              alias(input));
    }

    /// The changed rows, and tables that the term reads as they are now.
    private List<Input> known(int input) {
      Stream<Input> tables =
          IntStream.range(0, join.inputs().size())
              .filter(i -> i != input && (i < changed || !canChange(delta, i)))
              .mapToObj(join.inputs()::get)
              .filter(other -> !InputSql.isDerived(other.relation()));
      return Stream.concat(
              Stream.of(deltas.staged(join.inputs().get(changed), source(changed))), tables)
          .toList();
    }

    private List<Object> parts() {
      List<Object> parts = new ArrayList<>();
      parts.add("SELECT ");
      parts.addAll(multiplicity);
      String outputs = RelationSql.outputs(join.outputs());
      parts.add((outputs.isEmpty() ? "" : ", ") + outputs + " FROM ");
      parts.addAll(first);
      parts.addAll(last);
      Stream<String> conditions = join.conditions().stream().map(SqlPrinter::print);
      Stream<String> passed =
          join.inputs().get(changed).relation() instanceof Relation.Clock
              ? Passage.of(join, changed, deltas.table(source(changed))).stream()
              : Stream.of();
      parts.add(RelationSql.where(Stream.concat(conditions, passed)));
      return parts;
    }
  }
}
