'use strict';
// The slider: marks r in the chart and says what part of the rows still counts there.
for (const explorer of document.querySelectorAll('[data-explorer]')) {
  const plot = JSON.parse(explorer.querySelector('script').textContent);
  const range = explorer.querySelector('input[type=range]');
  const number = explorer.querySelector('input[type=number]');
  const output = explorer.querySelector('output');
  const rows = [...explorer.querySelectorAll('.shares tbody tr')];
  const svg = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const chart = explorer.querySelector('figure svg');
  const marker = chart.appendChild(svg('line'));
  marker.setAttribute('class', 'marker');
  marker.setAttribute('y1', plot.top);
  marker.setAttribute('y2', plot.bottom);

  // Counts are steps: between two numbers of flips the later one's count holds.
  const countAt = (line, r) => line.counts[line.flips.findIndex((flips) => flips >= r)] ?? 0;
  const percent = (line, count) => `${(100 * (count / line.rowCount)).toFixed(1)} %`;
  const text = (count) => count.toLocaleString('en-US');

  function show(r, announce) {
    range.value = r;
    range.setAttribute('aria-valuetext', plot.isCost ? `a cost of ${text(r)}` : `${text(r)} wrong ${r === 1 ? 'label' : 'labels'}`);
    if (document.activeElement !== number) number.value = r;
    const x = plot.left + (r / plot.largest) * (plot.right - plot.left);
    marker.setAttribute('x1', x);
    marker.setAttribute('x2', x);
    explorer.querySelector('.at').textContent = text(r);
    plot.lines.forEach((line, i) => {
      const count = countAt(line, r);
      rows[i].querySelector('line').setAttribute('x2', `${(100 * count) / line.rowCount}%`);
      rows[i].querySelector('.share-text').textContent = percent(line, count);
      rows[i].querySelector('.share-rows').textContent = `${text(count)} of ${text(line.rowCount)}`;
    });
    if (announce)
      output.textContent = `At r = ${text(r)}, ${plot.what}: ${plot.lines.map((line) => `${line.name} ${percent(line, countAt(line, r))}`).join(', ')}.`;
  }

  range.addEventListener('input', () => show(range.valueAsNumber, true));
  number.addEventListener('input', () => {
    if (Number.isInteger(number.valueAsNumber)) show(Math.min(plot.largest, Math.max(0, number.valueAsNumber)), true);
  });
  number.addEventListener('blur', () => { number.value = range.value; });
  explorer.querySelector('.slider').hidden = false;
  show(range.valueAsNumber, false);
}

// A closed part would be missing on paper.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
