using CertiFlip;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Data;
using CertiFlip.Heads;

Dataset train = DatasetReader.Read(args[0]), test = DatasetReader.Read(args[1]);
LabelEncoding classes = LabelEncoding.FromTrainingLabels(train);

RidgeHead head = RidgeHead.Fit(train.Features, new RelativeRidge(1)); // Sees features, never labels.
var labels = new BinaryLabels(classes.Encode(train));                 // Any of these may be wrong.
var certifier = new Certifier(head, labels, new Noise(0.1));

RowCertificates row = certifier.Certify(test.Features.Row(0));
Console.WriteLine($"predicted {classes.Classes[row.Prediction]}, noisy vote fails with probability at most e^{row.LogFailure:F2}");
foreach (Certificate certificate in row.Certificates)
    Console.WriteLine($"{certificate.Kind}: any {certificate.Radius} wrong labels leave it as it is");
if (certifier.TryFindWitness(test.Features.Row(0), out Witness? witness))
    Console.WriteLine($"these {witness.Rows.Count} would change it: training rows {string.Join(", ", witness.Rows)}");

IReadOnlyList<RowCertificates> batch = certifier.CertifyBatch(test.Features);
CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, batch, classes.Encode(test));
Console.WriteLine($"{100 * accuracy.At(5):F1} % of {batch.Count} rows are right and survive any 5 wrong labels");
