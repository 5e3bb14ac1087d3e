package dev.freshet.compiler.delta;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses the delta rule of each relation of a view.
public final class DeltaCompiler {
  /// By the text of the relation.
  private final Map<String, Delta> known = new LinkedHashMap<>();

  private int stages;

  private DeltaCompiler() {}

  /// The plan by which a view follows the changes of its tables.
  public static DeltaPlan derive(Relation relation, HiddenState state) {
    return new DeltaCompiler().plan(relation, state);
  }

  private DeltaPlan plan(Relation relation, HiddenState state) {
    Select above = projection(relation);
    Relation below = above.inputs().isEmpty() ? above : above.inputs().getFirst().relation();
    boolean one = above.inputs().size() == 1;
    if (one && below instanceof Aggregate aggregate && state == HiddenState.KEPT) {
      Delta delta = delta(aggregate.input());
      return new DeltaPlan.Groups(above, aggregate, delta, stages);
    }
    if (one && below instanceof Keyed keyed) {
      List<Delta> deltas = deltas(keyed.inputs());
      return new DeltaPlan.Keys(above, keyed, deltas, stages);
    }
    Delta delta = delta(relation);
    return new DeltaPlan.Rows(relation, delta, stages);
  }

  /// The relation as a projection of another one, at the least of itself.
  private static Select projection(Relation relation) {
    if (relation instanceof Select select) {
      return select;
    }
    List<Output> outputs =
        relation.columns().stream()
            .map(column ->
                new Output(
                    column, new Expression.Column(new Span(0, 0), List.of("g", column.name()))))
            .toList();
    return new Select(List.of(new Input("g", relation)), List.of(), outputs);
  }

  /// Relations that compute the same rows share a delta.
  private Delta delta(Relation relation) {
    Optional<String> text = Alike.text(relation);
    Delta shared = text.map(known::get).orElse(null);
    if (shared != null) {
      return shared;
    }
    Delta found = derived(relation);
    text.ifPresent(t -> known.put(t, found));
    return found;
  }

  private Delta derived(Relation relation) {
    return switch (relation) {
      case Scan scan -> new Delta.Changes(stages++, scan, scan);
      case Relation.Clock clock -> new Delta.Tick(stages++, clock);
      case Rows rows -> new Delta.None(rows);
      case Constants constants -> new Delta.None(constants);
      case Select select when isLeaf(select) -> leaf(select);
      case Select select -> {
        List<Delta> sources = deltas(select.inputs().stream().map(Input::relation).toList());
        yield new Delta.Join(stages++, select, sources);
      }
      case Match match -> {
        List<Delta> sources = deltas(List.of(match.left().relation(), match.right().relation()));
        yield new Delta.Pairs(stages++, match, sources);
      }
      case Union union -> {
        List<Delta> sources = deltas(union.inputs());
        yield new Delta.Append(stages++, union, sources);
      }
      case Relation.Keyed keyed -> {
        List<Delta> sources = deltas(keyed.inputs());
        yield new Delta.Recompute(stages++, keyed, sources);
      }
    };
  }

  private List<Delta> deltas(List<Relation> relations) {
    List<Delta> deltas = new ArrayList<>();
    relations.forEach(relation -> deltas.add(delta(relation)));
    return deltas;
  }

  /// Rows of one table, which pass or not and are projected as they are read from its log.
  private static boolean isLeaf(Select select) {
    return select.inputs().size() == 1 && select.inputs().getFirst().relation() instanceof Scan;
  }

  private Delta leaf(Select select) {
    Scan scan = (Scan) select.inputs().getFirst().relation();
    return isWhole(select, scan) ? delta(scan) : new Delta.Changes(stages++, scan, select);
  }

  /// Whether a projection changes nothing.
  private static boolean isWhole(Select select, Scan scan) {
    String alias = select.inputs().getFirst().alias();
    return select.conditions().isEmpty()
        && select.columns().equals(scan.columns())
        && select.outputs().stream()
            .allMatch(output ->
                output.value() instanceof Expression.Column column
                    && column.path().equals(List.of(alias, output.column().name())));
  }

  /// The tables that a plan reads changes of, each scan once.
  public static Set<Scan> scans(DeltaPlan plan) {
    Set<Scan> scans = new LinkedHashSet<>();
    collect(plan.relation(), scans);
    return scans;
  }

  private static void collect(Relation relation, Set<Scan> scans) {
    if (relation instanceof Scan scan) {
      scans.add(scan);
    }
    References.inputs(relation).forEach(input -> collect(input.relation(), scans));
  }
}
