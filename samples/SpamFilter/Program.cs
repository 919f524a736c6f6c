// A spam filter that learns from its users' reports and does not trust them. Staff have read one message in
// eight: nobody else can have changed those labels.
//
//   dotnet run -c Release --project samples/SpamFilter
using CertiFlip;
using CertiFlip.Features.Text;
using CertiFlip.Heads;
using CertiFlip.Samples.SpamFilter;

const int Ham = 0, Spam = 1;
string[] classes = ["ham", "spam"];
IReadOnlyList<Message> messages = Corpus.Labelled(400);
var labels = new ClassLabels([.. messages.Select(message => message.IsSpam ? Spam : Ham)], classes.Length);

// Texts become features by their words alone. No label is looked at, and so none can mislead them.
LatentSemantics map = LatentSemantics.Fit([.. messages.Select(message => message.Text)], new LatentSemanticsOptions { Components = 20 });
RidgeHead head = RidgeHead.Fit(map.Transform([.. messages.Select(message => message.Text)]), new RelativeRidge(1));
FeatureMatrix incoming = map.Transform(Corpus.Incoming);

// What somebody may have done, or may yet do. A false report turns ham into spam, so false reports among those that we
// hold are undone from spam to ham.
int[] staff = [.. messages.Index().Where(entry => entry.Item.ByStaff).Select(entry => entry.Index)];
(string Who, LabelFlipAdversary Limits)[] adversaries =
[
    ("anybody's", LabelFlipAdversary.Unlimited),
    ("users'", new LabelFlipAdversary { TrustedRows = staff }),
    ("false reports that we hold", new LabelFlipAdversary { TrustedRows = staff, Directions = [new FlipDirection(Spam, Ham)] }),
    ("false reports to come", new LabelFlipAdversary { TrustedRows = staff, Directions = [new FlipDirection(Ham, Spam)] }),
];
Certifier CertifierAgainst(LabelFlipAdversary limits) =>
    new(head, labels, new CertifierOptions { Adversary = limits });

Console.WriteLine($"{messages.Count} messages, {staff.Length} labelled by staff");
for (int message = 0; message < incoming.Rows; message++)
{
    Console.WriteLine($"\n\"{Corpus.Incoming[message]}\"");
    Certificate[] exact = [.. adversaries.Select(adversary => CertifierAgainst(adversary.Limits).Certify(incoming.Row(message)).Exact)];
    Console.WriteLine($"  {classes[exact[0].Prediction]}. So many labels may be wrong without changing that:");
    foreach (((string who, _), Certificate certificate) in adversaries.Zip(exact))
        Console.WriteLine($"    {who}: {(certificate.Radius.IsAny ? "any number" : certificate.Radius)}");
}

// The fewest false reports that would block an honest message: reports to doubt first, or for staff to read.
const int Newsletter = 2;
LabelFlipAdversary falseReports = adversaries[^1].Limits;
if (CertifierAgainst(falseReports).TryFindWitness(incoming.Row(Newsletter), out Witness? witness))
{
    int[] targets = [.. witness.Flips.Select(flip => flip.Row)];
    Console.WriteLine(
        $"\nThe newsletter would be {classes[witness.Rival]} if {targets.Length} messages were reported falsely, these first:");
    foreach (int target in targets.Take(3))
        Console.WriteLine($"  {target}: {messages[target].Text}");
    Certificate after = CertifierAgainst(falseReports with { TrustedRows = [.. staff, .. targets] })
        .Certify(incoming.Row(Newsletter)).Exact;
    Console.WriteLine(
        $"Once staff have read those {targets.Length}, it stays {classes[after.Prediction]} after any {after.Radius} false reports.");
}
