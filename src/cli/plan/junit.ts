import type { Broken, Gate } from "../../rehearse/index.ts"
import { shortCommit } from "../ledger/words.ts"
import { escapeMarkup } from "../output/markup.ts"
import { plain } from "../output/paint.ts"
import { findingLine } from "../report/findings.ts"
import type { PlanResult } from "../world.ts"
import { sentence } from "./words.ts"

type Case = { readonly name: string; readonly failure?: string }

/** A test case for each gate, one for the guards and one for each error in the manifests. */
export function planJunit({ planned }: PlanResult, gates: readonly Gate[], broken: readonly Broken[]): string {
	const { record, holds, waiting, findings, refused } = planned
	const problems = [
		...findings.filter(({ severity }) => severity === "error").map((finding) => findingLine(finding, plain)),
		...refused.map(({ path, line, message }) => `${path}:${line}: ${message}`),
	]
	const cases: Case[] = [
		...gates.map((gate) =>
			failing(
				gate.text,
				broken.filter((one) => one.gate === gate).map(({ message }) => message),
			),
		),
		failing("no guard holds it", [...holds.map(({ message }) => message), ...(waiting?.values() ?? [])]),
		failing("its manifests can be taken", problems),
	]
	const failures = cases.filter(({ failure }) => failure !== undefined).length
	const name = `rollcall plan ${shortCommit(record.commit)}`
	return [
		`<?xml version="1.0" encoding="UTF-8"?>`,
		`<testsuites tests="${cases.length}" failures="${failures}">`,
		`  <testsuite name="${escapeMarkup(name)}" tests="${cases.length}" failures="${failures}">`,
		...cases.map(caseXml),
		`    <system-out>${escapeMarkup(sentence(planned))}</system-out>`,
		"  </testsuite>",
		"</testsuites>",
		"",
	].join("\n")
}

function failing(name: string, messages: readonly string[]): Case {
	return messages.length === 0 ? { name } : { name, failure: messages.join("; ") }
}

function caseXml({ name, failure }: Case): string {
	const head = `    <testcase classname="rollcall plan" name="${escapeMarkup(name)}"`
	return failure === undefined ? `${head}/>` : `${head}><failure message="${escapeMarkup(failure)}"/></testcase>`
}
