const output = document.querySelector("#status");
try {
  const response = await fetch("/api/status");
  const { status, sha } = await response.json();
  output.textContent = `${status}, commit ${sha}`;
} catch {
  output.textContent = "no answer yet: its first image has to be built";
}
