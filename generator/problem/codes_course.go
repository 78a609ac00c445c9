package problem

// Courses of a workshop (package course of the command).
const (
	// CourseNoFile is a folder without cursus.yaml.
	CourseNoFile Code = "course-no-file"
	// CourseNoSteps is a course without a step.
	CourseNoSteps Code = "course-no-steps"
	// CourseUnreadable: {1} is what the system said.
	CourseUnreadable Code = "course-unreadable"
	// CourseTooMany: {1} is what there is too much of, {2} the limit.
	CourseTooMany Code = "course-too-many"
	// CourseTooLong: {1} is the largest number of characters.
	CourseTooLong Code = "course-too-long"
	// CourseFileName: {1} is the name of a file that is no step.
	CourseFileName Code = "course-file-name"
	// CourseNumber: {1} is the number of a step, {2} the one that was expected.
	CourseNumber Code = "course-number"
	// CourseStepTwice: {1} is the ID, {2} the file that has it already.
	CourseStepTwice Code = "course-step-twice"
	// CourseNameTwice: {1} is the name of a check, {2} the line of the first one.
	CourseNameTwice Code = "course-name-twice"
	// CourseFront is a step that does not begin with its keys.
	CourseFront Code = "course-front"
	// CourseSection: {1} is a heading that no step has.
	CourseSection Code = "course-section"
	// CourseNoSection: {1} is a heading that misses or has nothing below it.
	CourseNoSection Code = "course-no-section"
	// CourseWord: {1} is a placeholder that is not known, {2} are those that are.
	CourseWord Code = "course-word"
	// CourseDays: {1} is a number of days for which no plan can be made.
	CourseDays Code = "course-days"
	// CourseDay: {1} is the day, {2} the number of days.
	CourseDay Code = "course-day"
	// CoursePlanStep: {1} is a step that does not exist.
	CoursePlanStep Code = "course-plan-step"
	// CoursePlanOrder: {1} is a step that comes after a later one, or twice.
	CoursePlanOrder Code = "course-plan-order"
	// CourseNotFor: {1} is the key, {2} the kind of check, {3} the keys of that kind.
	CourseNotFor Code = "course-not-for"
	// CourseNeeds: {1} are the keys of which one is needed.
	CourseNeeds Code = "course-needs"
	// CourseOne: {1} are the keys of which exactly one may be there.
	CourseOne Code = "course-one"
	// CoursePath: {1} is a path at which a course may not look or write.
	CoursePath Code = "course-path"
	// CourseURLPath: {1} is the path of a page.
	CourseURLPath Code = "course-url-path"
	// CourseCommand: {1} is a command that a course may not use.
	CourseCommand Code = "course-command"
	// CourseFlag: {1} is a flag that a course may not use.
	CourseFlag Code = "course-flag"
	// CourseSame is an edit that changes nothing.
	CourseSame Code = "course-same"
	// CoursePlainAnswer: {1} is what may stand there instead.
	CoursePlainAnswer Code = "course-plain-answer"
	// CourseHash: {1} is what is no hash of an answer.
	CourseHash Code = "course-hash"
	// CourseOneQuestion is a second question in a step.
	CourseOneQuestion Code = "course-one-question"
	// CourseNoPlant is a check for a planted mistake in a step that plants none.
	CourseNoPlant Code = "course-no-plant"
	// CoursePlantInside is a mistake of which the text is in the right text too.
	CoursePlantInside Code = "course-plant-inside"
	// CourseName: {1} is a name that is not in kebab-case.
	CourseName Code = "course-name"
	// CourseRange: {1} is the lowest number, {2} the highest.
	CourseRange Code = "course-range"
	// CourseGreenBefore: {1} is the name of a check that is green before the step was done.
	CourseGreenBefore Code = "course-green-before"
	// CourseRedAfter: {1} is the name of a check, {2} what it says.
	CourseRedAfter Code = "course-red-after"
	// CourseRecipeFails: {1} is the reason.
	CourseRecipeFails Code = "course-recipe-fails"
	// CoursePlantFails: {1} is the reason.
	CoursePlantFails Code = "course-plant-fails"
	// CourseTestsFail: {1} is what they say.
	CourseTestsFail Code = "course-tests-fail"
	// CourseNoCase: {1} is the case of a course, {2} are the examples.
	CourseNoCase Code = "course-no-case"
)
