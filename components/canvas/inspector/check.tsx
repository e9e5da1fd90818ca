/** One yes or no. */
export const Check = ({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}) => (
  <label className="flex min-h-6 items-center gap-2 text-sm">
    <input
      type="checkbox"
      className="size-4 accent-[var(--accent)]"
      checked={checked}
      onChange={(e) => onChange(e.target.checked)}
    />
    {label}
  </label>
);
