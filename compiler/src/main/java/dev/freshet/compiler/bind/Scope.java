package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The names that expressions of one FROM can use, and what they stand for.
final class Scope {
  private static final Span NOWHERE = new Span(0, 0);

  /// What one item of FROM is called and the columns that it offers.
  private record Range(@Nullable String name, Map<String, Expression> columns) {}

  private final List<Range> ranges = new ArrayList<>();

  /// Those whose inputs have the columns, or had them before they were joined.
  private final List<Block> blocks = new ArrayList<>();

  private final Map<String, Expression> merged = new LinkedHashMap<>();
  private final @Nullable Scope outer;

  Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  static Expression column(String alias, String name) {
    return new Expression.Column(NOWHERE, List.of(alias, name));
  }

  void add(@Nullable String name, Map<String, Expression> columns) {
    ranges.add(new Range(name, columns));
  }

  /// The columns of an input under a name; `names` replace the first of its own.
  void add(String name, Input input, List<String> names) {
    Map<String, Expression> columns = new LinkedHashMap<>();
    for (int i = 0; i < input.relation().columns().size(); i++) {
      String own = input.relation().columns().get(i).name();
      columns.put(i < names.size() ? names.get(i) : own, column(input.alias(), own));
    }
    add(name, columns);
  }

  void add(Block block) {
    blocks.add(block);
  }

  /// The blocks whose columns can be used here, the innermost first.
  Stream<Block> blocksAround() {
    Stream<Block> own = blocks.reversed().stream();
    return outer == null ? own : Stream.concat(own, outer.blocksAround());
  }

  void addAll(Scope other) {
    blocks.addAll(other.blocks);
    ranges.addAll(other.ranges);
    merged.putAll(other.merged);
  }

  /// A column that USING made of two.
  void merge(String name, Expression value) {
    merged.put(name, value);
  }

  /// What everything stands for changes, because the inputs were joined into one.
  void replaceAll(UnaryOperator<Expression> replacement) {
    ranges.replaceAll(range -> {
      Map<String, Expression> columns = new LinkedHashMap<>();
      range.columns().forEach((name, value) -> columns.put(name, replacement.apply(value)));
      return new Range(range.name(), columns);
    });
    merged.replaceAll((name, value) -> replacement.apply(value));
  }

  /// Whether a range of this name was added here.
  boolean knows(String name) {
    return ranges.stream().anyMatch(range -> name.equals(range.name()));
  }

  /// Every expression that a name stands for.
  List<Expression> values() {
    List<Expression> values = new ArrayList<>(merged.values());
    ranges.forEach(range -> values.addAll(range.columns().values()));
    return values;
  }

  Expression resolve(Expression.Column column) {
    Scope scope = this;
    while (scope != null) {
      Expression found = scope.find(column.path());
      if (found != null) {
        return found;
      }
      scope = scope.outer;
    }
    throw new Declined("it uses " + SqlPrinter.print(column) + " as a whole row");
  }

  private @Nullable Expression find(List<String> path) {
    String name = path.getLast();
    if (path.size() == 1) {
      Expression value = merged.get(name);
      return value != null ? value : findAnywhere(name);
    }
    String range = path.get(path.size() - 2);
    return ranges.stream()
        .filter(r -> range.equals(r.name()) && r.columns().containsKey(name))
        .map(r -> r.columns().get(name))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Expression findAnywhere(String name) {
    return ranges.stream()
        .filter(r -> r.columns().containsKey(name))
        .map(r -> r.columns().get(name))
        .findFirst()
        .orElse(null);
  }
}
