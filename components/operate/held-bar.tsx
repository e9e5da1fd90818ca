import Link from "next/link";

/** On every screen of those who can see to it: after a restore nothing goes out until it is released. */
export const HeldBar = ({ words }: { words: { held: string; heldLink: string } }) => (
  <p role="status" className="flex flex-wrap gap-x-2 bg-risk-bg px-4 py-2 text-sm text-risk">
    {words.held}
    <Link href="/operate/health" className="font-semibold underline">
      {words.heldLink}
    </Link>
  </p>
);
