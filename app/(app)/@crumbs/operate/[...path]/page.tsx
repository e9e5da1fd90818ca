import { crumbsOf } from "@/app/crumbs.tsx";

export default crumbsOf("operate");
