package dev.freshet.compiler.delta;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import java.util.List;
import java.util.stream.Stream;

/// How the rows of one relation change: a bag of rows with a signed multiplicity, computed from the
/// deltas below it and the relations as they are now.
public sealed interface Delta {
  /// Number of the table in which the delta is staged.
  int number();

  Relation relation();

  /// Deltas that this one is computed from; each is empty when nothing below it changed.
  List<Delta> sources();

  /// Captured changes of a table, filtered and projected, and netted by image.
  ///
  /// @param relation the table, or a projection and filter of its rows
  record Changes(int number, Scan scan, Relation relation) implements Delta {
    @Override
    public List<Delta> sources() {
      return List.of();
    }
  }

  /// The time that has passed: the old moment goes, the new one comes.
  record Tick(int number, Relation.Clock relation) implements Delta {
    @Override
    public List<Delta> sources() {
      return List.of();
    }
  }

  /// Rows that never change.
  record None(Relation relation) implements Delta {
    @Override
    public int number() {
      return -1;
    }

    @Override
    public List<Delta> sources() {
      return List.of();
    }
  }

  /// Telescoping: for each changed input, its delta with the inputs before it as they are now and
  /// those after it as they were.
  record Join(int number, Select relation, List<Delta> sources) implements Delta {}

  /// Pairs as for a join; a row without a partner by counting its partners before and now.
  record Pairs(int number, Match relation, List<Delta> sources) implements Delta {}

  /// The deltas of all inputs.
  record Append(int number, Union relation, List<Delta> sources) implements Delta {}

  /// The keys that occur in the deltas below are computed anew, once from the rows as they are and
  /// once from the rows as they were.
  record Recompute(int number, Keyed relation, List<Delta> sources) implements Delta {}

  /// This delta and all it is computed from, sources first.
  default Stream<Delta> all() {
    return Stream.concat(sources().stream().flatMap(Delta::all), Stream.of(this));
  }
}
