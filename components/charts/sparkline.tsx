/** The course of one figure, oldest first; a gap where there was too little to say. Its words stand beside it. */
export function Sparkline({ points, label }: { points: readonly (number | null)[]; label: string }) {
  const [width, height, inset] = [72, 28, 3];
  const known = points.filter((p) => p !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (i: number) => inset + (i * (width - 2 * inset)) / (points.length - 1);
  const y = (value: number) => height - inset - ((value - low) / (high - low || 1)) * (height - 2 * inset);
  const pieces: { i: number; value: number }[][] = [[]];
  points.forEach((value, i) => {
    if (value === null) pieces.push([]);
    else pieces.at(-1)!.push({ i, value });
  });
  const last = pieces.flat().at(-1)!;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="h-7 w-18 shrink-0">
      {pieces
        .filter((piece) => piece.length > 0)
        .map((piece) => {
          const line = piece.map(({ i, value }) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
          const [first, end] = [x(piece[0]!.i).toFixed(1), x(piece.at(-1)!.i).toFixed(1)];
          return (
            <g key={piece[0]!.i}>
              <polygon points={`${first},${height} ${line.join(" ")} ${end},${height}`} className="fill-info-bg" />
              <polyline points={line.join(" ")} className="fill-none stroke-info-solid stroke-[1.5]" />
            </g>
          );
        })}
      <circle cx={x(last.i)} cy={y(last.value)} r={2.5} className="fill-info-solid" />
    </svg>
  );
}
