/** Reads Grafana's fieldConfig: what holds for one column, its state's word and its value's colour. */

/** Defaults with the overrides of this column laid over them, `custom` as an object of its own. */
export function fieldOf(panel, name) {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const field = { ...defaults, custom: { ...(defaults.custom ?? {}) } };
  for (const override of overrides) {
    if (override.matcher?.id !== "byName" || override.matcher.options !== name) continue;
    for (const { id, value } of override.properties) {
      if (id.startsWith("custom.")) field.custom[id.slice(7)] = value;
      else field[id] = value;
    }
  }
  return field;
}

/** The colour of the highest step a value reaches, or undefined. */
export function stepColour(field, value) {
  const steps = field.thresholds?.steps ?? [];
  if (typeof value !== "number") return undefined;
  return steps.filter((step) => step.value === null || step.value === undefined || value >= step.value).at(-1)?.color;
}

/** The steps that are limits: those with a value. */
export function limitsOf(field) {
  return (field.thresholds?.steps ?? []).filter((step) => typeof step.value === "number");
}

/** The word, mark and colour of a stored state: {text, color} or undefined. */
export function mapped(field, value) {
  for (const mapping of field.mappings ?? []) {
    const hit = mapping.type === "value" ? mapping.options?.[String(value)] : undefined;
    if (hit) return { text: hit.text ?? String(value), color: hit.color };
  }
  return undefined;
}

/** The address behind a cell, from `${__data.fields.<column>}`; only web addresses become links. */
export function linkOf(field, row) {
  const template = field.links?.[0]?.url;
  if (!template) return undefined;
  const url = template.replace(/\$\{__data\.fields\.([^}]+)\}/g, (_, name) => row[name] ?? "");
  return /^https?:\/\//i.test(url) ? { url, title: field.links[0].title ?? "" } : undefined;
}
