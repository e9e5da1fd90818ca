import { Field, inputLook } from "../../ui/field.tsx";

/** One of a few. A value that is not among them is shown as it is, never changed by looking. */
export function Choice({
  label,
  value,
  options,
  help,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, said: string])[];
  help?: string;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label} help={help ?? null}>
      {(ids) => (
        <select {...ids} className={inputLook} value={value} onChange={(e) => onChange(e.target.value)}>
          {!options.some(([v]) => v === value) && <option value={value}>{value}</option>}
          {options.map(([v, said]) => (
            <option key={v} value={v}>
              {said}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
