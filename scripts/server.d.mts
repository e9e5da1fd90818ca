export type StartedServer = { url: string; pid: number; said(): string; stop(): Promise<number | null> };
export function startServer(options: {
  data: string;
  port: number;
  demo?: boolean;
  env?: Record<string, string>;
  sameHealth?: boolean;
}): Promise<StartedServer>;
export function signIn(url: string, email: string, password: string): Promise<string>;
export function setUp(url: string, owner: Record<string, string>): Promise<string>;
