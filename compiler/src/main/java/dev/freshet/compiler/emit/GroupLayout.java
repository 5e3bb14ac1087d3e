package dev.freshet.compiler.emit;

import java.util.List;
import java.util.Map;

/// How the groups of a view lie in its storage, for those who add to them.
sealed interface GroupLayout {
  GroupStorage groups();

  /// The columns of a row with their values, from what is known of the group.
  Map<String, String> columns(GroupTerms group);

  /// The columns in which no two rows agree.
  List<String> key();

  /// A condition on a row `s`: the group needs it no longer.
  String emptied();

  /// A condition on a row `s`: more was taken away than it had.
  String broken();

  /// One row for each group, as the view shows it.
  record OneRow(GroupStorage groups) implements GroupLayout {
    @Override
    public Map<String, String> columns(GroupTerms group) {
      Map<String, String> columns = groups.fromState(group);
      if (!key().isEmpty()) {
        String some = group.number().apply(GroupStorage.COUNT) + " > 0";
        groups
            .computed()
            .forEach(name -> columns.computeIfPresent(name, (_, value) -> when(some, value)));
      }
      return columns;
    }

    /// Where a group has gained no rows, or loses all, nobody asks what is computed from it, and it
    /// could fail.
    private static String when(String condition, String value) {
      return "CASE WHEN %s THEN %s END".formatted(condition, value);
    }

    @Override
    public List<String> key() {
      return groups.storedKeys();
    }

    /// A view without GROUP BY keeps its row.
    @Override
    public String emptied() {
      return key().isEmpty() ? "false" : "s." + GroupStorage.COUNT + " = 0";
    }

    @Override
    public String broken() {
      return "s." + GroupStorage.COUNT + " < 0";
    }
  }

  /// A row for each group and shard.
  record Sharded(Shards shards) implements GroupLayout {
    @Override
    public GroupStorage groups() {
      return shards.groups();
    }

    @Override
    public Map<String, String> columns(GroupTerms group) {
      return shards.columns(group);
    }

    @Override
    public List<String> key() {
      return shards.key();
    }

    @Override
    public String emptied() {
      return shards.nothing("s.%s = 0");
    }

    /// What one session adds, another can take away.
    @Override
    public String broken() {
      return "false";
    }
  }
}
