import Markdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";

/** People's Markdown through a sanitised tree, never as HTML. A file of its own: its reader weighs as much as a page. */
export default function Written({ text }: { text: string }) {
  return (
    <div className="grid gap-2 text-sm text-ink [&_a]:text-accent-text [&_a]:underline [&_li]:ml-5 [&_ol]:list-decimal [&_strong]:font-semibold [&_ul]:list-disc">
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSanitize]}
        urlTransform={(url) => (/^(https?:|mailto:|\/)/i.test(url) ? url : "")}
      >
        {text}
      </Markdown>
    </div>
  );
}
