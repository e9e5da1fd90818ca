export default function Home() {
  return <h1>Millrace</h1>;
}
