using CertiFlip;
using CertiFlip.Data;

Dataset train = DatasetReader.Read(args[0]), test = DataColumns.Of(train).Align(DatasetReader.Read(args[1]));
TrainingSet training = train.ToTrainingSet();      // Features, labels (any may be wrong), and the list of classes.
Certifier certifier = Certifier.Fit(training);     // Ridge and its exact certificate. Fitting looks at no label.

ReadOnlySpan<double> row = test.Features.Row(3);
Certificate exact = certifier.Certify(row).Exact;
Console.WriteLine($"predicted {training.Classes[exact.Prediction]}: any {exact.Radius} wrong labels leave it unchanged");
if (certifier.TryFindWitness(row, out Witness? witness))
{
    string rows = string.Join(", ", witness.Flips.Select(flip => flip.Row));
    Console.WriteLine($"these {witness.Flips.Count} would change it: training rows {rows}");
}

// The paper's smoothed classifier, by noise that was chosen without looking at the labels.
var options = new CertifierOptions { Noise = new Noise(0.1, training.Classes.Count) };
RowCertificates all = Certifier.Fit(training, options).Certify(row);
Console.WriteLine($"the noisy vote fails with probability at most e^{all.LogFailure:F2}");
foreach (Certificate certificate in all.Certificates)
    Console.WriteLine($"{certificate.Kind}: radius {certificate.Radius}");

IReadOnlyList<RowCertificates> batch = certifier.CertifyBatch(test.Features);
int[] truth = training.Classes.Encode(test.Labels);
CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, batch, truth);
Console.WriteLine($"{100 * accuracy.At(5):F1} % of {batch.Count} rows are correct and survive any 5 wrong labels");
