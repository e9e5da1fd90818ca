import { Field, inputLook } from "../ui/field.tsx";

/** A line or, when long, some lines of text. */
export const Text = ({
  label,
  value,
  onChange,
  long,
  mono,
  help,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  long?: boolean;
  mono?: boolean;
  help?: string;
}) => (
  <Field label={label} help={help ?? null}>
    {(ids) =>
      long ? (
        <textarea
          {...ids}
          className={`${inputLook} h-24 py-2`}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      ) : (
        <input
          {...ids}
          className={`${inputLook} ${mono ? "font-mono text-xs" : ""}`}
          value={value}
          onChange={(e) => onChange(e.target.value)}
          spellCheck={!mono}
        />
      )
    }
  </Field>
);
