namespace CertiFlip.Samples.SpamFilter;

/// <summary>
/// Made-up messages, so that the sample needs no download: every one puts together an opening, a matter and an ending.
/// Real mail is less alike, so how often the filter is right here says nothing.
/// </summary>
internal static class Corpus
{
    private const int StaffReadsEvery = 8;

    private static readonly string[] HamOpenings =
        ["Hello Anna,", "Dear team,", "Good morning,", "Hi all,", "Dear customer,", "Thanks for your note,", "Hello again,"];
    private static readonly string[] HamMatters =
    [
        "the minutes of Tuesday's meeting are attached", "could we move our lunch to Thursday",
        "your order has been shipped and should arrive tomorrow",
        "the invoice for March is in the shared folder", "the train was late, so please start without me",
        "the new draft of the report needs your comments",
        "here are the photos of the children from the weekend", "the library will be closed on Monday",
        "our newsletter has three recipes for early vegetables",
        "the plumber can come between nine and ten", "your subscription to the magazine will be renewed in May",
        "the tests pass again after yesterday's change",
    ];
    private static readonly string[] HamEndings =
    [
        "See you soon.", "Best wishes, Tom.", "Let me know what you think.", "Kind regards from the office.",
        "Call me if there are questions.",
    ];

    private static readonly string[] SpamOpenings =
        ["Congratulations!", "Dear winner,", "Urgent notice:", "Dear customer,", "Act now!", "Hello friend,"];
    private static readonly string[] SpamMatters =
    [
        "you have won a free phone in our prize draw", "your account will be suspended unless you confirm your password",
        "get a cheap loan without any credit check",
        "earn money from home with this secret system", "a luxury watch for a tenth of its price",
        "your parcel is held until you pay a small fee",
        "double your savings with our guaranteed investment", "claim your cash bonus before midnight",
        "you were chosen for an exclusive free offer",
    ];
    private static readonly string[] SpamEndings =
    [
        "Click the link below now.", "Offer ends today.", "Reply with your bank details.",
        "No risk, money back guaranteed.", "Click here to claim.",
    ];

    /// <summary>The messages that the filter learns from, ham and spam in turn.</summary>
    public static IReadOnlyList<Message> Labelled(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Message(
            i % 2 == 0 ? Ham(i / 2) : Spam(i / 2), IsSpam: i % 2 == 1, ByStaff: i / 2 % StaffReadsEvery == 0)),
    ];

    /// <summary>Messages that nobody has labelled yet.</summary>
    public static IReadOnlyList<string> Incoming { get; } =
    [
        "Hello Tom, the minutes are in the shared folder, comments by Thursday please.",
        "Dear customer, your order is late. It should arrive on Monday.",
        "Our May newsletter: a free recipe for every reader, and an offer from the magazine.",
        "Dear customer, confirm your order now or pay a small fee.",
        "You have won! Click to claim your free bonus before midnight.",
    ];

    // Numbers without a common divisor bring every part together with every other before anything repeats.
    private static string Ham(int i) =>
        $"{HamOpenings[i % HamOpenings.Length]} {HamMatters[i % HamMatters.Length]}. {HamEndings[i % HamEndings.Length]}";

    private static string Spam(int i) =>
        $"{SpamOpenings[i % 5]} {SpamMatters[i % SpamMatters.Length]}. {SpamEndings[i / 5 % SpamEndings.Length]}";
}
