package dev.freshet;

/// What [Freshet#uninstall] leaves under the name of each managed view.
public enum Removal {
  /// A plain view of its query; whatever depends on it stays.
  AS_VIEW,
  /// A native materialized view, populated; refused where something depends on it.
  AS_MATERIALIZED_VIEW
}
