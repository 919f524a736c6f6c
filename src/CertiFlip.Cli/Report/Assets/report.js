'use strict';
// Sliders choose r: in each chart a mark stands there, and numbers say what part of the rows still counts.
// The slider of the classes and that of the first chart move together.
const svg = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
const text = (count) => count.toLocaleString('en-US');
const percent = (line, count) => `${(100 * (count / line.rowCount)).toFixed(1)} %`;
// Counts are steps: between two numbers of flips the later one's count holds.
const countAt = (line, r) => line.counts[line.flips.findIndex((flips) => flips >= r)] ?? 0;

function markIn(chart, plot, largest) {
  const marker = chart.appendChild(svg('line'));
  marker.setAttribute('class', 'marker');
  marker.setAttribute('y1', plot.top);
  marker.setAttribute('y2', plot.bottom);
  return (r) => {
    const x = plot.left + (r / largest) * (plot.right - plot.left);
    marker.setAttribute('x1', x);
    marker.setAttribute('x2', x);
  };
}

// Makes a slider of the elements in a part of the page; show(r) shows a number there, say(r) puts it into words.
function slide(part, plot, show, say) {
  const range = part.querySelector('input[type=range]');
  const number = part.querySelector('input[type=number]');
  const output = part.querySelector('output');
  const together = { set, show };
  let others = [];
  function set(r, announce) {
    range.value = r;
    range.setAttribute('aria-valuetext', plot.isCost ? `a cost of ${text(r)}` : `${text(r)} wrong ${r === 1 ? 'label' : 'labels'}`);
    if (document.activeElement !== number) number.value = r;
    show(r);
    if (announce) output.textContent = say(r);
  }
  const move = (r) => { set(r, true); others.forEach((other) => other.set(r, false)); };
  range.addEventListener('input', () => move(range.valueAsNumber));
  number.addEventListener('input', () => {
    if (Number.isInteger(number.valueAsNumber)) move(Math.min(plot.largest, Math.max(0, number.valueAsNumber)));
  });
  number.addEventListener('blur', () => { number.value = range.value; });
  part.querySelector('.slider').hidden = false;
  set(range.valueAsNumber, false);
  together.join = (other) => { others.push(other); };
  together.at = () => range.valueAsNumber;
  return together;
}

const sliders = [...document.querySelectorAll('[data-explorer]')].map((explorer) => {
  const plot = JSON.parse(explorer.querySelector('script').textContent);
  const rows = [...explorer.querySelectorAll('.shares tbody tr')];
  const mark = markIn(explorer.querySelector('figure .drawing svg'), plot, plot.largest);
  function show(r) {
    mark(r);
    explorer.querySelector('.at').textContent = text(r);
    plot.lines.forEach((line, i) => {
      const count = countAt(line, r);
      rows[i].querySelector('line').setAttribute('x2', `${(100 * count) / line.rowCount}%`);
      rows[i].querySelector('.share-text').textContent = percent(line, count);
      rows[i].querySelector('.share-rows').textContent = `${text(count)} of ${text(line.rowCount)}`;
    });
  }
  const said = (r) => plot.lines.map((line) => `${line.name} ${percent(line, countAt(line, r))}`).join(', ');
  return slide(explorer, plot, show, (r) => `At r = ${text(r)}, ${plot.what}: ${said(r)}.`);
});

for (const part of document.querySelectorAll('[data-classes]')) {
  const plots = JSON.parse(part.querySelector('script').textContent);
  const figures = [...part.querySelectorAll('figure')].map((figure, i) => ({
    plot: plots.figures[i],
    mark: markIn(figure.querySelector('svg.chart:not([aria-hidden])'), plots.figures[i], plots.largest),
    text: figure.querySelector('.at-r'),
  }));
  const said = ({ lines }, r) => lines.map((line) => `${lines.length > 1 ? `${line.name} ` : ''}${percent(line, countAt(line, r))}`).join(', ');
  const show = (r) => figures.forEach((figure) => {
    figure.mark(r);
    figure.text.textContent = `r = ${text(r)}: ${said(figure.plot, r)}`;
  });
  const say = (r) => `At r = ${text(r)}: ${figures.flatMap(({ plot }) => plot.lines).map((line) => `${line.name} ${percent(line, countAt(line, r))}`).join(', ')}.`;
  const own = slide(part, plots, show, say);
  if (sliders.length > 0) {
    own.join(sliders[0]);
    sliders[0].join(own);
    own.set(sliders[0].at(), false);
  }
}

// A closed part would be missing on paper.
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
