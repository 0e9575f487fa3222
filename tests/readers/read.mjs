// Reads one of our files with a program's own reader and prints what it found as JSON: node read.mjs FORMAT FILE
import { readFileSync } from "node:fs";

const [format, file] = process.argv.slice(2);
const text = readFileSync(file, "utf-8");

const readers = {
  async markwhen() {
    const { parse } = await import("@markwhen/parser");
    const found = parse(text);
    const events = [];
    const walk = (node) => (node.children ? node.children.forEach(walk) : events.push(node));
    walk(found.events);
    return {
      title: found.header.title,
      messages: found.parseMessages ?? [],
      events: events.map((e) => ({
        date: e.firstLine.datePart,
        from: e.dateRangeIso.fromDateTimeIso,
        to: e.dateRangeIso.toDateTimeIso,
        title: e.eventDescription?.eventDescription ?? e.firstLine.restTrimmed,
        tags: e.tags,
        properties: e.properties,
        id: e.id ?? null,
        more: (e.supplemental ?? []).map((block) => [block.type, block.raw ?? block.link ?? ""]),
      })),
    };
  },
  async gexf() {
    const { default: Graph } = await import("graphology");
    const { default: gexf } = await import("graphology-gexf");
    const graph = gexf.parse(Graph, text);
    return {
      type: graph.type,
      multi: graph.multi,
      nodes: graph.mapNodes((id, data) => [id, data]),
      edges: graph.mapEdges((id, data, source, target) => [source, target, data]),
    };
  },
  async cyjs() {
    const { default: cytoscape } = await import("cytoscape");
    const data = JSON.parse(text);
    const cy = cytoscape({ headless: true, elements: data.elements, data: data.data, layout: { name: "preset" } });
    return {
      data: cy.data(),
      nodes: cy.nodes().map((n) => [n.id(), n.data("name"), n.position()]),
      edges: cy.edges().map((e) => [e.source().id(), e.target().id(), e.data("sign"), e.data("weight")]),
    };
  },
};

console.log(JSON.stringify(await readers[format]()));
