import Markdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";

/** A play as people wrote it: Markdown through a sanitised tree, never as HTML. */
export const Guidance = ({ text }: { text: string }) => (
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
